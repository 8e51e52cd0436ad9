import { mongo } from 'mongoose';
import { DUPLICATE_KEY } from './key-duplicate.js';
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
    const made = await this.#made(wanted);
    const others = wanted.flatMap(({ _id }, n) => (n in made ? [] : _id));
    if (others.length === 0) return wanted;
    // Local, because a majority has them: the upserts waited for it, also those that found something.
    const cursor = this.keys.find({ _id: { $in: others } }, { ...BUFFERS, readConcern: 'local' });
    const found = new Map((await cursor.toArray()).map((document) => [document._id, document]));
    return wanted.map((document, n) => (n in made ? document : found.get(document._id)!));
  }

  /** Upserts those that are missing; the keys of the answer are their places. */
  async #made(wanted: readonly KeyDocument[]): Promise<object> {
    const upserts = wanted.map(({ _id, wrapped }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { wrapped } }, upsert: true },
    }));
    try {
      return (await this.keys.bulkWrite(upserts, { ordered: false })).upsertedIds;
    } catch (error) {
      // Two processes may both find nothing and insert: then the other one's is there.
      if (error instanceof mongo.MongoBulkWriteError && onlyMet(error)) return error.result.upsertedIds;
      throw error;
    }
  }
}

/** Whether nothing is wrong but ids that were taken. */
const onlyMet = ({ writeErrors, result }: mongo.MongoBulkWriteError): boolean =>
  [writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY) && result.getWriteConcernError() === undefined;
