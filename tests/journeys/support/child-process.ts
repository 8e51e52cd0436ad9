import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Api } from './api.js';
import { refuseSecretsIn } from './secrets.js';

const MAIN = fileURLToPath(new URL('../../../services/standalone/dist/main.js', import.meta.url));
const ADMINISTRATOR = 'administrator-of-the-faults';

export interface ServerOptions {
  readonly data: string;
  /** Settings beside the defaults; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Another program than the product's own: one of these tests. */
  readonly main?: string;
  /** Largest file that the process may write, in KiB: a disk that is full. */
  readonly fileKibibytes?: number;
}

/** A start that ended in a refusal. */
export interface RefusedStart {
  readonly code: number | null;
  readonly output: string;
}

/** The built product in a process of its own, so that it can be killed, starved and watched from outside. */
export class ServerProcess {
  #api: Api | undefined;
  output = '';
  address = '';
  readonly exited: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    const listen = (text: Buffer): void => void (this.output += text.toString());
    child.stdout!.on('data', listen);
    child.stderr!.on('data', listen);
    this.exited = once(child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves once it is healthy. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const server = new ServerProcess(spawned(options));
    const refused = await Promise.race([server.healthy(), server.exited.then((code) => ({ code }))]);
    if (refused) throw new Error(`The server ended with ${refused.code}: ${server.output}`);
    return server;
  }

  /** A start that is not waited for: to be killed in the middle of it. */
  static begin(options: ServerOptions): ServerProcess {
    return new ServerProcess(spawned(options));
  }

  /** For starts that have to fail. */
  static async refused(options: ServerOptions): Promise<RefusedStart> {
    const server = new ServerProcess(spawned(options));
    const wrongly = await Promise.race([server.healthy().then(() => true), server.exited.then(() => false)]);
    if (wrongly) {
      await server.kill();
      throw new Error(`The server started, though it should not have: ${server.output}`);
    }
    return { code: await server.exited, output: server.output };
  }

  /** A start that is killed as soon as something holds, at the latest when it is healthy. */
  static async killedWhen(options: ServerOptions, holds: () => boolean): Promise<void> {
    const server = new ServerProcess(spawned(options));
    let ended = false;
    void Promise.race([server.healthy(), server.exited]).then(() => (ended = true));
    while (!ended && !holds()) await pause(1);
    await server.kill();
  }

  /** The administrator's client: it sees what it has written. */
  get api(): Api {
    return (this.#api ??= new Api(this.address, ADMINISTRATOR));
  }

  /** `kill -9`: nothing is finished, nothing is closed. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** The exit code after SIGTERM. @throws Error when its log holds what no log may hold */
  async stop(): Promise<number | null> {
    this.signal();
    const code = await this.exited;
    refuseSecretsIn(this.output);
    return code;
  }

  signal(): void {
    this.child.kill('SIGTERM');
  }

  /** From now on no file may grow beyond so many bytes: a disk that has begun to fail. Only for one with a limit. */
  limitFiles(bytes: number): void {
    execFileSync('prlimit', ['--pid', String(this.child.pid), `--fsize=${bytes}:`]);
  }

  /** Memory that the process has now (`VmRSS`) or had at most (`VmHWM`), in MiB; only where the system tells. */
  memory(what: 'VmRSS' | 'VmHWM'): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
  }

  /** Resolves once it takes calls. */
  async healthy(): Promise<undefined> {
    while (!this.address) {
      this.address = /API\s+(http\S+)\/v1/.exec(this.output)?.[1] ?? '';
      if (!this.address) await once(this.child.stdout!, 'data');
    }
    return undefined;
  }
}

const spawned = ({ data, env, main = MAIN, fileKibibytes }: ServerOptions): ChildProcess => {
  const settings = {
    PATH: process.env['PATH'],
    RAPPORT_DATA: data,
    RAPPORT_PORT: '0',
    RAPPORT_ADMIN_TOKEN: ADMINISTRATOR,
    RAPPORT_RATE_LIMIT: '0',
    ...env,
  };
  const options = { env: settings, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  if (fileKibibytes === undefined) return spawn(process.execPath, [main], options);
  // The signal of the limit is ignored, so that the write fails with an error as on a full disk.
  const limited = `trap '' XFSZ; ulimit -f ${fileKibibytes}; exec "$0" "$1"`;
  return spawn('bash', ['-c', limited, process.execPath, main], options);
};

/** A folder under the system's own for temporary files, and how to remove it. */
export const temporaryFolder = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'rapport-faults-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};
