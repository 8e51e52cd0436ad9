import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Api } from './api.js';
import { ADMINISTRATOR, settingsFor, type Settings } from './rapport.js';

const MAIN = fileURLToPath(new URL('../../../services/standalone/dist/main.js', import.meta.url));

/** The built platform in a process of its own, which can be killed. The data folder is the caller's. */
export class RapportProcess implements AsyncDisposable {
  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
    private readonly said: readonly string[],
  ) {}

  /** @throws Error with what the process said when it ends before it is healthy */
  static async start(data: string, more: Settings = {}): Promise<RapportProcess> {
    const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...settingsFor(data, more) } });
    const said: string[] = [];
    for (const output of [child.stdout, child.stderr]) output.on('data', (part: Buffer) => said.push(part.toString()));
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', () => {
        const found = /(http:\/\/\S+)\/v1\b/.exec(said.join(''));
        if (found) resolve(found[1]!);
      });
      child.once('exit', () => reject(new Error(said.join(''))));
    });
    return new RapportProcess(child, address, said);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Everything that it has written to the terminal so far. */
  get output(): string {
    return this.said.join('');
  }

  get api(): Api {
    return new Api(this.address, ADMINISTRATOR);
  }

  /** `SIGKILL`: no goodbye. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
  }
}
