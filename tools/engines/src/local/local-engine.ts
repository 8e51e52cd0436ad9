import { DomainError } from '@rapport/kernel';
import type { EngineName, StartedEngine } from '../engine.js';
import { type Probe, untilReady } from '../until-ready.js';
import type { DataFolder } from './data-folder.js';
import { type Command, residentMemory, ServerProcess } from './server-process.js';

/** What there is to know about a server that runs as a process of this machine. */
export interface LocalServer {
  readonly name: EngineName;
  readonly address: string;
  readonly version: string;
  readonly faults?: string;
  readonly command: Command;
  /** Before the first start. */
  readonly prepare?: () => Promise<void>;
  readonly probe: Probe;
  readonly data: DataFolder;
}

/** Enough for a machine that is busy with much else. */
const START_MILLISECONDS = 120_000;

/** An engine as a child process, which ends with this one whatever happens to it. */
export class LocalEngine implements StartedEngine {
  readonly source = 'local';
  private process: ServerProcess | undefined;

  private constructor(private readonly server: LocalServer) {}

  static async start(server: LocalServer): Promise<LocalEngine> {
    const engine = new LocalEngine(server);
    process.once('exit', engine.abandon);
    try {
      await server.prepare?.();
      await engine.start();
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  get name(): EngineName {
    return this.server.name;
  }

  get address(): string {
    return this.server.address;
  }

  get version(): string {
    return this.server.version;
  }

  get faults(): string | undefined {
    return this.server.faults;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  async start(): Promise<void> {
    if (this.process?.running) return;
    const started = new ServerProcess(this.server.command);
    this.process = started;
    try {
      await untilReady(
        () => this.server.probe(this.address),
        START_MILLISECONDS,
        () => !started.running,
      );
    } catch (cause) {
      await started.kill();
      const message = `${this.version} did not start on ${this.address}. The last that it printed:\n${started.output}`;
      throw new DomainError('unavailable', 'engine-not-started', message, { cause });
    }
  }

  async stop(): Promise<void> {
    if (this.process?.running) await this.process.stop();
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async kill(): Promise<void> {
    if (this.process?.running) await this.process.kill();
  }

  async memory(): Promise<number | undefined> {
    return this.pid === undefined ? undefined : residentMemory(this.pid);
  }

  async close(): Promise<void> {
    await this.stop();
    process.off('exit', this.abandon);
    this.server.data.forget();
  }

  /** What can still be done when this process ends without having closed it. */
  private readonly abandon = (): void => {
    void this.process?.kill();
    this.server.data.forget();
  };
}
