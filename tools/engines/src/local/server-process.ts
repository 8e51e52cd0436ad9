import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a server is run. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

/** After that a server that was asked to end is killed. */
const GRACE_MILLISECONDS = 20_000;
const LAST_LINES = 20;

/** A server running as a process of its own; it ends when its standard input does, so with this process at the latest. */
export class ServerProcess {
  readonly exited: Promise<unknown>;
  private readonly child: ChildProcess;
  private lines: string[] = [];

  constructor({ program, args }: Command) {
    this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const listen = (text: Buffer): void => {
      this.lines = [...this.lines, ...text.toString().split('\n').filter(Boolean)].slice(-LAST_LINES);
    };
    this.child.stdout!.on('data', listen);
    this.child.stderr!.on('data', listen);
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve(this.lines.push(error.message)));
      this.child.once('close', resolve);
    });
  }

  get running(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.running ? this.child.pid : undefined;
  }

  /** The last that it printed, for people. */
  get output(): string {
    return this.lines.join('\n');
  }

  async stop(): Promise<void> {
    const late = setTimeout(() => this.child.kill('SIGKILL'), GRACE_MILLISECONDS);
    this.child.kill('SIGTERM');
    await this.exited;
    clearTimeout(late);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

/** Resident memory of a process in MiB, where the system tells. */
export const residentMemory = (pid: number): number | undefined => {
  try {
    const kibibytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
  } catch {
    return undefined;
  }
};
