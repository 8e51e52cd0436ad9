import type { mongo } from 'mongoose';
import { collisions } from './collisions.js';
import { BUFFERS, type KeyDocument } from './key-document.js';
import type { MongoConnection } from './mongo-connection.js';

/** More wait for the next call. */
const MOST = 1_000;

interface Creation {
  readonly document: KeyDocument;
  readonly resolve: (kept: KeyDocument) => void;
  readonly reject: (error: unknown) => void;
}

/** Keys that are made while others are on their way go together: a burst takes one connection, not all of them. */
export class KeyCreations {
  #waiting: Creation[] = [];
  #running = false;

  constructor(
    private readonly connection: MongoConnection,
    private readonly keys: mongo.Collection<KeyDocument>,
  ) {}

  /** Resolves to what is kept under the document's id: itself if there was nothing. */
  keep(document: KeyDocument): Promise<KeyDocument> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ document, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // Whoever asks in the same turn comes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST);
      try {
        const kept = await this.connection.run(() => this.#kept(batch.map(({ document }) => document)));
        batch.forEach(({ resolve }, n) => resolve(kept[n]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = false;
  }

  async #kept(wanted: readonly KeyDocument[]): Promise<readonly KeyDocument[]> {
    const met = await this.#insert(wanted);
    if (met.size === 0) return wanted;
    const others = [...met].map((n) => wanted[n]!._id);
    // Local, because a majority has them: the insertion waited for it, also where it found something.
    const options = { ...BUFFERS, readConcern: 'local', batchSize: others.length + 1 } as const;
    const documents = await this.keys.find({ _id: { $in: others } }, options).toArray();
    const found = new Map(documents.map((document) => [document._id, document]));
    return wanted.map((document, n) => (met.has(n) ? found.get(document._id)! : document));
  }

  /** Places of those whose id was taken; the others are kept. No upsert: where two race, an insertion fails for one of them only. */
  async #insert(wanted: readonly KeyDocument[]): Promise<ReadonlySet<number>> {
    const places: number[] = [];
    const met = new Set<number>();
    // Whoever comes later with the same id gets what the first one makes or finds.
    const ids = new Set<string>();
    for (const [n, { _id }] of wanted.entries()) {
      if (ids.has(_id)) met.add(n);
      else places.push(n);
      ids.add(_id);
    }
    try {
      const insertions = places.map((n) => ({ insertOne: { document: wanted[n]! } }));
      await this.keys.bulkWrite(insertions, { ordered: false });
    } catch (error) {
      for (const index of collisions(error)) met.add(places[index]!);
    }
    return met;
  }
}
