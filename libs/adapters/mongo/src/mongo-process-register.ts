import type { mongo } from 'mongoose';
import type { MongoConnection } from './mongo-connection.js';

/** A process of an installation, and what it is set to of that which all have to be set to alike. */
export interface Announced {
  readonly process: string;
  readonly settings: Readonly<Record<string, string>>;
}

interface StoredProcess {
  readonly _id: string;
  readonly settings: Announced['settings'];
  /** When it was last heard of, by the server's clock. */
  readonly at: Date;
}

/** Who is not heard of for so long is gone. */
const GONE_AFTER_MS = 20_000;

/** Which processes of an installation run. Each announces itself again and again, well before it would be taken for gone. */
export class MongoProcessRegister {
  private readonly processes: mongo.Collection<StoredProcess>;

  constructor(private readonly connection: MongoConnection) {
    this.processes = connection.collection<StoredProcess>('processes');
  }

  /** Answers which others there are. @throws DomainError unavailable */
  announce({ process, settings }: Announced): Promise<readonly Announced[]> {
    return this.connection.run(async () => {
      const heard = { $set: { settings }, $currentDate: { at: true } } as const;
      await this.processes.updateOne({ _id: process }, heard, { upsert: true });
      const all = await this.processes.find().toArray();
      const now = all.find(({ _id }) => _id === process)?.at.getTime() ?? 0;
      const gone = all.filter(({ at }) => now - at.getTime() > GONE_AFTER_MS);
      for (const { _id, at } of gone) await this.processes.deleteOne({ _id, at });
      return all
        .filter((each) => each._id !== process && !gone.includes(each))
        .map((each) => ({ process: each._id, settings: each.settings }));
    });
  }

  async leave(process: string): Promise<void> {
    await this.connection.run(() => this.processes.deleteOne({ _id: process }));
  }
}
