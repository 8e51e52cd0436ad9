import { Api } from './api.js';
import { ADMINISTRATOR, type Assembly, type Settings } from './assembly.js';
import { startProcesses } from './processes/process-assembly.js';
import { startStandaloneAssembly } from './standalone-assembly.js';

/** The whole platform, assembled as `RAPPORT_ASSEMBLY` says: `standalone` (in this process), or `processes`. */
export class Rapport implements AsyncDisposable {
  private constructor(private readonly assembly: Assembly) {}

  static async start(settings: Settings = {}): Promise<Rapport> {
    const inProcesses = process.env['RAPPORT_ASSEMBLY'] === 'processes';
    return new Rapport(await (inProcesses ? startProcesses({ settings }) : startStandaloneAssembly(settings)));
  }

  /** The administrator's client. */
  get api(): Api {
    return new Api(this.assembly.address, ADMINISTRATOR);
  }

  /** Stops in good order and starts again on the same data; clients made before are void. */
  restart(): Promise<void> {
    return this.assembly.restart();
  }

  stop(): Promise<void> {
    return this.assembly.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
