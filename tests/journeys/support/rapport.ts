import { contextNames } from '@rapport/contexts';
import type { Time } from '@rapport/standalone';
import { Api, type List } from './api.js';
import { ADMINISTRATOR, type Assembly, type Settings } from './assembly.js';
import { startCompose } from './compose-assembly.js';
import { eventually } from './eventually.js';
import { startProcesses } from './processes/process-assembly.js';
import { startStandaloneAssembly } from './standalone-assembly.js';

const assemblies: Readonly<Record<string, (settings: Settings, time?: Time) => Promise<Assembly>>> = {
  standalone: startStandaloneAssembly,
  processes: (settings) => startProcesses({ settings }),
  compose: startCompose,
};

/** The whole platform, assembled as `RAPPORT_ASSEMBLY` says: `standalone` (in this process), `processes`, or `compose`. */
export class Rapport implements AsyncDisposable {
  #api: Api | undefined;

  private constructor(private readonly assembly: Assembly) {}

  /** @param time what time it is, where everything runs in this process; that of the machine otherwise */
  static async start(settings: Settings = {}, time?: Time): Promise<Rapport> {
    const start = assemblies[process.env['RAPPORT_ASSEMBLY'] ?? 'standalone'];
    if (!start) throw new Error(`RAPPORT_ASSEMBLY may be ${Object.keys(assemblies).join(', ')}.`);
    const rapport = new Rapport(await start(settings, time));
    await rapport.#built();
    return rapport;
  }

  /** Resolves once every list is there; until then a read of it is answered with 503. */
  async #built(): Promise<void> {
    for (const context of contextNames)
      await eventually(
        () => this.api.get<List<{ readonly caughtUp: boolean }>>(`/v1/operations/${context}/followers`),
        ({ data }) => data.every(({ caughtUp }) => caughtUp),
        60_000,
      );
  }

  /** The administrator's client: it sees what it has written. */
  get api(): Api {
    return (this.#api ??= new Api(this.assembly.address, ADMINISTRATOR));
  }

  /** What the gateway serves, where it runs in this process. */
  get routes(): readonly string[] {
    return this.assembly.routes ?? [];
  }

  /** Stops in good order and starts again on the same data; clients made before are void. */
  restart(): Promise<void> {
    this.#api = undefined;
    return this.assembly.restart();
  }

  stop(): Promise<void> {
    return this.assembly.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
