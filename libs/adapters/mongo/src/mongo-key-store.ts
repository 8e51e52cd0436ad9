import {
  drawRandomBytes,
  everybodyOf,
  KeyDestroyed,
  type KeyEntry,
  type KeyStore,
  type KeyWrapping,
  type Subject,
  type SubjectKey,
} from '@rapport/privacy';
import type { mongo } from 'mongoose';
import { KeyCreations } from './key-creations.js';
import { BUFFERS, type KeyDocument } from './key-document.js';
import { changeOrInsert } from './change-or-insert.js';
import { isDuplicateKey } from './database-problem.js';
import type { MongoConnection } from './mongo-connection.js';
import { dropCollection } from './mongo-read-model-documents.js';

type Found = SubjectKey | 'destroyed' | undefined;

interface Note {
  readonly _id: string;
  readonly text: string;
}

const ENTRIES_PER_PAGE = 1_000;

/** That a tenant has keys is believed so long: less than keys are kept in the memory of processes. */
const KNOWN_MILLISECONDS = 5_000;

/** Whether a tenant's keys are all destroyed. */
interface Known {
  readonly isGone: Promise<boolean>;
  readonly until: number;
}

const GONE: Known = { isGone: Promise.resolve(true), until: Infinity };

/**
 * Keys of subjects, wrapped, in the collection `subject_keys`, and notes in `key_notes`; whoever opened the connection closes it. Every change is
 * one guarded update of one document, so processes need no lock among themselves.
 *
 * MongoDB itself keeps what was overwritten for a while: in its oplog, in free blocks of its files, in backups. There
 * the key is still wrapped: keep these for a short time, and never together with the master key.
 */
export class MongoKeyStore implements KeyStore {
  readonly #keys: mongo.Collection<KeyDocument>;
  readonly #notes: mongo.Collection<Note>;
  readonly #creations: KeyCreations;
  readonly #tenants = new Map<string, Known>();

  constructor(
    private readonly connection: MongoConnection,
    private readonly wrapping: KeyWrapping,
  ) {
    this.#keys = connection.collection<KeyDocument>('subject_keys');
    this.#notes = connection.collection<Note>('key_notes');
    this.#creations = new KeyCreations(connection, this.#keys);
  }

  async create(subject: Subject, key: SubjectKey = drawRandomBytes(32)): Promise<SubjectKey> {
    const wrapped = await this.wrapping.wrap(key, subject);
    if (await this.#isGone(subject.tenant)) throw new KeyDestroyed(subject);
    const kept = await this.#creations.keep({ _id: nameOf(subject), wrapped });
    if (kept.destroyedAt !== undefined) throw new KeyDestroyed(subject);
    return kept.wrapped!.equals(wrapped) ? key : this.wrapping.unwrap(kept.wrapped!, subject);
  }

  async find(subject: Subject): Promise<Found> {
    const found = await this.#documentOf(subject);
    return found ? this.#opened(found, subject) : this.#none(subject);
  }

  async findMany(subjects: readonly Subject[]): Promise<readonly Found[]> {
    if (subjects.length === 0) return [];
    const filter = { _id: { $in: subjects.map(nameOf) } };
    const options = { ...BUFFERS, batchSize: subjects.length + 1 };
    const documents = await this.connection.run(() => this.#keys.find(filter, options).toArray());
    const found = new Map(documents.map((document) => [document._id, document]));
    return Promise.all(
      subjects.map(async (subject) => {
        const document = found.get(nameOf(subject));
        return document ? this.#opened(document, subject) : this.#none(subject);
      }),
    );
  }

  async destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }> {
    for (;;) {
      if (await this.#bury(subject, at)) return { destroyedAt: at };
      const earlier = await this.#documentOf(subject);
      // Otherwise a key was made in between.
      if (earlier?.destroyedAt !== undefined) return { destroyedAt: earlier.destroyedAt };
    }
  }

  async destroyTenant(tenant: string, at: string): Promise<{ readonly destroyedAt: string; readonly keys: number }> {
    const { destroyedAt } = await this.destroy(everybodyOf(tenant), at);
    this.#tenants.set(tenant, GONE);
    const theirs = { $gt: `${tenant}/`, $lt: `${tenant}0` };
    const alive = { _id: theirs, destroyedAt: { $exists: false } };
    const tombstone = { $set: { destroyedAt }, $unset: { wrapped: '' } } as const;
    await this.connection.run(() => this.#keys.updateMany(alive, tombstone));
    const keys = await this.connection.run(() => this.#keys.countDocuments({ _id: theirs }));
    return { destroyedAt, keys };
  }

  /** Ids of tombstones of tenants end with the slash. */
  async destroyedTenants(): Promise<readonly string[]> {
    const filter = { _id: /\/$/ };
    const documents = await this.connection.run(() => this.#keys.find(filter, { projection: { _id: 1 } }).toArray());
    return documents.map(({ _id }) => subjectOf(_id).tenant);
  }

  /** A page at a time from its last id on: no cursor of the server's has to live as long as the caller takes. */
  async *entries(): AsyncGenerator<readonly KeyEntry[], void, undefined> {
    for (let after: string | undefined; ;) {
      const filter = after === undefined ? {} : { _id: { $gt: after } };
      const options = {
        ...BUFFERS,
        sort: { _id: 1 },
        limit: ENTRIES_PER_PAGE,
        batchSize: ENTRIES_PER_PAGE + 1,
      } as const;
      const documents = await this.connection.run(() => this.#keys.find(filter, options).toArray());
      yield await Promise.all(documents.map((document) => this.#entryOf(document)));
      if (documents.length < ENTRIES_PER_PAGE) return;
      after = documents.at(-1)!._id;
    }
  }

  async note(name: string): Promise<string | undefined> {
    return (await this.connection.run(() => this.#notes.findOne({ _id: name })))?.text;
  }

  async setNote(name: string, text: string): Promise<void> {
    const change = () => this.#notes.updateOne({ _id: name }, { $set: { text } });
    await this.connection.run(() => changeOrInsert(change, () => this.#notes.insertOne({ _id: name, text })));
  }

  /** Takes all keys away, for a store whose keys are in another one now. */
  async drop(): Promise<void> {
    await this.connection.run(() => dropCollection(this.#keys));
  }

  async close(): Promise<void> {}

  async #none({ tenant }: Subject): Promise<'destroyed' | undefined> {
    return (await this.#isGone(tenant)) ? 'destroyed' : undefined;
  }

  /** Looked for once in some seconds, however many ask at once. */
  #isGone(tenant: string): Promise<boolean> {
    const before = this.#tenants.get(tenant);
    if (before && before.until > performance.now()) return before.isGone;
    const isGone = this.#documentOf(everybodyOf(tenant)).then((document) => document !== undefined);
    const known = { isGone, until: performance.now() + KNOWN_MILLISECONDS };
    this.#tenants.set(tenant, known);
    const learnt = (is: boolean): void => void (is && this.#tenants.set(tenant, GONE));
    const failed = (): void => void (this.#tenants.get(tenant) === known && this.#tenants.delete(tenant));
    isGone.then(learnt, failed);
    return isGone;
  }

  async #entryOf(document: KeyDocument): Promise<KeyEntry> {
    const subject = subjectOf(document._id);
    const { destroyedAt } = document;
    if (destroyedAt !== undefined) return { subject, destroyedAt };
    return { subject, key: await this.wrapping.unwrap(document.wrapped!, subject) };
  }

  async #documentOf(subject: Subject): Promise<KeyDocument | undefined> {
    return (await this.connection.run(() => this.#keys.findOne({ _id: nameOf(subject) }, BUFFERS))) ?? undefined;
  }

  /** False when it was buried before, or a key was made meanwhile: then the upsert meets the subject's id. */
  async #bury(subject: Subject, destroyedAt: string): Promise<boolean> {
    const alive = { _id: nameOf(subject), destroyedAt: { $exists: false } };
    const tombstone = { $set: { destroyedAt }, $unset: { wrapped: '' } } as const;
    try {
      await this.connection.run(() => this.#keys.updateOne(alive, tombstone, { upsert: true }));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async #opened({ destroyedAt, wrapped }: KeyDocument, subject: Subject): Promise<SubjectKey | 'destroyed'> {
    return destroyedAt === undefined ? this.wrapping.unwrap(wrapped!, subject) : 'destroyed';
  }
}

/** Tenants have no slash. */
const nameOf = ({ tenant, id }: Subject): string => `${tenant}/${id}`;

const subjectOf = (name: string): Subject => {
  const end = name.indexOf('/');
  return { tenant: name.slice(0, end), id: name.slice(end + 1) };
};
