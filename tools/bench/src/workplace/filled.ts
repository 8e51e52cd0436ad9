import { importContacts, type ImportMeasured } from './import-contacts.js';
import type { Api } from './api.js';
import { scanned, type ScanMeasured } from './scanned.js';
import type { Server } from './server.js';
import type { Workplace } from './workplace.js';

const known = new WeakMap<Workplace, Promise<Filled>>();

/** A server with many contacts, brought in by an import: the same for every measurement that needs one. */
export const filledIn = (workplace: Workplace): Promise<Filled> => {
  const filled = known.get(workplace) ?? Filled.make(workplace);
  known.set(workplace, filled);
  return filled;
};

/** A server whose folder holds many contacts. */
export class Filled {
  private constructor(
    readonly folder: string,
    private running: Server,
    private readonly workplace: Workplace,
    readonly imported: ImportMeasured,
    readonly scanned: ScanMeasured,
  ) {}

  static async make(workplace: Workplace): Promise<Filled> {
    const folder = workplace.folder('filled');
    const wanted = workplace.quick ? 10_000 : 100_000;
    const server = await workplace.standalone(folder);
    const api = workplace.apiOf(server);
    const imported = await importContacts(api, server.pid, wanted);
    // What is measured afterwards is not measured beside it.
    const after = await scanned(api);
    return new Filled(folder, server, workplace, imported, after);
  }

  get contacts(): number {
    return this.imported.counts['created']!;
  }

  get server(): Server {
    return this.running;
  }

  get api(): Api {
    return this.workplace.apiOf(this.running);
  }

  /** Stops it and starts it again on the same folder. */
  async restart(): Promise<Server> {
    await this.running.stop();
    return (this.running = await this.workplace.standalone(this.folder));
  }
}
