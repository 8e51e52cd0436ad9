import type { ContextName } from '@rapport/contexts';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtProgram } from './built-program.js';

export type ServiceName = ContextName | 'gateway';

/** What a service says once it has started. */
interface Started {
  readonly message: 'Takes calls' | 'Takes requests' | 'Follows';
  readonly port?: number;
  readonly healthPort?: number;
  readonly address?: string;
}

const CLOCK_OFFSET = fileURLToPath(new URL('./clock-offset.mjs', import.meta.url));

/** One process of one service. Started again it has the same ports. */
export class ServiceProcess {
  /** Everything that it has said, in all of its lives. */
  output = '';
  #child: ChildProcess | undefined;
  #exited: Promise<number | null> = Promise.resolve(null);
  #started: Started | undefined;

  constructor(
    readonly name: ServiceName,
    private readonly settings: Readonly<Record<string, string>>,
    /** Seconds by which its clock is off. */
    private readonly wrong: { readonly clockOffset?: number } = {},
  ) {}

  /** Resolves once it takes calls. @throws Error with what it said, when it ends instead */
  async start(): Promise<void> {
    const from = this.output.length;
    this.#spawn();
    while (!(this.#started = startedIn(this.output.slice(from)))) {
      const ended = await Promise.race([
        this.#exited.then(() => true),
        once(this.#child!.stdout!, 'data').then(() => false),
      ]);
      if (ended && !startedIn(this.output.slice(from)))
        throw new Error(`${this.name} ended: ${this.output.slice(from)}`);
    }
  }

  /** `127.0.0.1:50051` of a context, `http://127.0.0.1:3000` of the gateway. */
  get address(): string {
    return this.#started?.address ?? `127.0.0.1:${this.#started!.port}`;
  }

  /** False of one that only follows. */
  get takesCalls(): boolean {
    return this.#started?.message !== 'Follows';
  }

  /** Where it tells whether it is ready. */
  get health(): string {
    return this.#started!.address ?? `http://127.0.0.1:${this.#started!.healthPort}`;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** `kill -9`: nothing is finished, nothing is closed. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  /** The exit code after SIGTERM. */
  async stop(): Promise<number | null> {
    this.#child?.kill('SIGTERM');
    return this.#exited;
  }

  /** Memory that the process has now, in MiB; only where the system tells. */
  memory(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
  }

  #spawn(): void {
    const { clockOffset } = this.wrong;
    const clock = clockOffset === undefined ? {} : { TEST_CLOCK_OFFSET: String(clockOffset) };
    const args = [
      ...(clockOffset === undefined ? [] : ['--import', CLOCK_OFFSET]),
      builtProgram(`services/${this.name}`),
    ];
    const env = { PATH: process.env['PATH'], ...this.settings, ...this.#ports(), ...clock };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const listen = (text: Buffer): void => void (this.output += text.toString());
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    this.#exited = once(child, 'close').then(([code]) => code as number | null);
    this.#child = child;
  }

  #ports(): Readonly<Record<string, string>> {
    const { port, healthPort, address } = this.#started ?? {};
    const taken = port ?? (address === undefined ? 0 : Number(new URL(address).port));
    const health: Record<string, string> =
      this.name === 'gateway' ? {} : { RAPPORT_HEALTH_PORT: String(healthPort ?? 0) };
    return { RAPPORT_PORT: String(taken), ...health };
  }
}

const startedIn = (output: string): Started | undefined => {
  const line = output.split('\n').find((each) => /^\{.*"message":"(?:Takes (?:calls|requests)|Follows)"\}$/.test(each));
  return line === undefined ? undefined : (JSON.parse(line) as Started);
};
