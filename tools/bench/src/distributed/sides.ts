import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuMicroseconds, memoryOf } from '../workplace/process-usage.js';
import type { Server } from '../workplace/server.js';
import type { Workplace } from '../workplace/workplace.js';
import { Fleet } from './fleet.js';
import { Installation, type Settings } from './installation.js';
import type { NamedProcess, Side } from './side.js';

/** A room of its own on the same engines, and a folder. */
const ANEW = 'anew';
const REST_MILLISECONDS = 2_000;

/** What a process takes while nothing is asked of it; undefined where the system does not tell. */
export interface Rest {
  /** Bytes. */
  readonly resident: number | undefined;
  /** Share of one core. */
  readonly busy: number | undefined;
}

/** The two assemblies that are compared, side by side on empty engines and an empty folder. */
export class Sides {
  private constructor(
    readonly workplace: Workplace,
    readonly installation: Installation,
    readonly fleet: Fleet,
    readonly server: Server,
    /** Of each process, by its name, when nothing had been asked of it yet. */
    readonly atRest: ReadonlyMap<string, Rest>,
  ) {}

  /** @throws DomainError when there are no engines */
  static async open(workplace: Workplace): Promise<Sides> {
    const installation = await Installation.open();
    const server = await workplace.standalone(workplace.folder('standalone'));
    const fleet = await Fleet.start(workplace, installation);
    const processes = [...standaloneSide(workplace, server).processes, ...fleet.processes];
    return new Sides(workplace, installation, fleet, server, await resting(processes));
  }

  get standalone(): Side {
    return standaloneSide(this.workplace, this.server);
  }

  /** For the head of the table. */
  get facts(): Readonly<Record<string, string>> {
    return { Engines: `${this.installation.versions}; all ${availableParallelism()} cores shared with them` };
  }

  /** Stops both, but not the engines. */
  async stop(): Promise<void> {
    await Promise.all([this.server.stop(), this.fleet.stop()]);
  }

  /** Each anew with other settings and nothing in it; resolves once all that was started for it has stopped in good order. */
  readonly anew = {
    standalone: async <T>(settings: Settings, look: (side: Side) => Promise<T>): Promise<T> => {
      const server = await this.workplace.standalone(this.workplace.folder(ANEW), settings);
      const seen = await look(standaloneSide(this.workplace, server));
      await server.stop();
      return seen;
    },
    distributed: async <T>(settings: Settings, look: (side: Side) => Promise<T>): Promise<T> => {
      await this.installation.makeTopics('--namespace', ANEW);
      const fleet = await Fleet.start(this.workplace, this.installation, { ...settings, RAPPORT_NAMESPACE: ANEW });
      const seen = await look(fleet);
      await fleet.stop();
      return seen;
    },
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workplace.close();
    await this.installation.close();
  }
}

const standaloneSide = (workplace: Workplace, server: Server): Side => ({
  name: 'standalone',
  api: workplace.apiOf(server),
  port: server.port,
  processes: [{ name: 'standalone', pid: server.pid }],
});

const resting = async (processes: readonly NamedProcess[]): Promise<ReadonlyMap<string, Rest>> => {
  await pause(REST_MILLISECONDS);
  const before = processes.map(({ pid }) => cpuMicroseconds(pid));
  const began = performance.now();
  await pause(REST_MILLISECONDS);
  const microseconds = (performance.now() - began) * 1_000;
  const rests = processes.map(({ name, pid }, at): [string, Rest] => {
    const [from, to] = [before[at], cpuMicroseconds(pid)];
    const busy = from === undefined || to === undefined ? undefined : (to - from) / microseconds;
    return [name, { resident: memoryOf(pid)?.resident, busy }];
  });
  return new Map(rests);
};
