import { importContacts, type ImportMeasured } from './import-contacts.js';
import type { Api } from './api.js';
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
    readonly contacts: number,
    private running: Server,
    private readonly workplace: Workplace,
    readonly imported: ImportMeasured,
  ) {}

  static async make(workplace: Workplace): Promise<Filled> {
    const folder = workplace.folder('filled');
    const wanted = workplace.quick ? 10_000 : 100_000;
    const server = await workplace.standalone(folder);
    const imported = await importContacts(workplace.apiOf(server), server.pid, wanted);
    return new Filled(folder, imported.counts['created']!, server, workplace, imported);
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
