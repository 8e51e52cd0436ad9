import type { StatementSync } from 'node:sqlite';
import { DomainError } from '@rapport/kernel';
import {
  drawRandomBytes,
  everybodyOf,
  KeyDestroyed,
  type KeyStore,
  type MasterKey,
  type Subject,
  type SubjectKey,
} from '@rapport/privacy';
import type { SqliteDatabase } from './database.js';
import { EVERYBODY, SqliteKeyReader } from './sqlite-key-reader.js';

/**
 * Rows of keys are only added at the end and never removed: SQLite then never moves one to another page, where a copy
 * of it could stay behind. Destroying writes zeros over the key where it lies.
 */
export const KEYS_TABLES = `
  CREATE TABLE subject_keys (
    place INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    wrapped BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX subject_keys_by_subject ON subject_keys (tenant, id);
  CREATE TABLE erased_subjects (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    destroyed_at TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
  ) STRICT, WITHOUT ROWID;
`;

export const KEY_NOTES_TABLE = `
  CREATE TABLE key_notes (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

const BURY_ALL = `INSERT INTO erased_subjects (tenant, id, destroyed_at)
  SELECT tenant, id, ? FROM subject_keys WHERE tenant = ? ON CONFLICT DO NOTHING`;
const OVERWRITE_ALL = 'UPDATE subject_keys SET wrapped = zeroblob(length(wrapped)) WHERE tenant = ?';
const COUNT_ALL = 'SELECT count(*) AS keys FROM subject_keys WHERE tenant = ? AND id <> ?';

const NO_KEY = Buffer.alloc(0);

/**
 * Keys of subjects in a file of their own ({@link KEYS_SCHEMA}), wrapped by the master key. The database must have been
 * opened with `secureDelete`; whoever opened it closes it.
 */
export class SqliteKeyStore extends SqliteKeyReader implements KeyStore {
  readonly #erased: StatementSync;
  readonly #insert: StatementSync;
  readonly #overwrite: StatementSync;
  readonly #bury: StatementSync;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly wrapping: MasterKey,
  ) {
    super(database, wrapping);
    if (database.prepare('PRAGMA secure_delete').get()?.['secure_delete'] !== 1) {
      throw new DomainError('internal', 'keys-not-erasable', `Open ${database.file} with secureDelete: it holds keys.`);
    }
    const subject = 'tenant = ? AND id = ?';
    this.#erased = database.prepare(`SELECT destroyed_at FROM erased_subjects WHERE ${subject}`);
    this.#insert = database.prepare(
      'INSERT INTO subject_keys (tenant, id, wrapped) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#overwrite = database.prepare(`UPDATE subject_keys SET wrapped = zeroblob(length(wrapped)) WHERE ${subject}`);
    this.#bury = database.prepare('INSERT INTO erased_subjects (tenant, id, destroyed_at) VALUES (?, ?, ?)');
  }

  async create(subject: Subject, key: SubjectKey = drawRandomBytes(32)): Promise<SubjectKey> {
    const wrapped = this.wrapping.wrap(key, subject);
    return this.database.commit(() => {
      if (this.isGone(subject.tenant)) throw new KeyDestroyed(subject);
      if (this.#insertNew(subject, wrapped)) return key;
      const known = this.findNow(subject);
      if (known === 'destroyed') throw new KeyDestroyed(subject);
      return known!;
    });
  }

  async destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }> {
    const destroyedAt = await this.database.commit(() => {
      const earlier = this.#destroyedAt(subject);
      if (earlier !== undefined) return earlier;
      // A row for everybody who was erased, also without a key: no new key can take its place.
      this.#insert.run(subject.tenant, subject.id, NO_KEY);
      this.#overwrite.run(subject.tenant, subject.id);
      this.#bury.run(subject.tenant, subject.id, at);
      return at;
    });
    // Also when it was destroyed before: that call may have been cut off here.
    await this.database.truncateLog();
    return { destroyedAt };
  }

  async destroyTenant(tenant: string, at: string): Promise<{ readonly destroyedAt: string; readonly keys: number }> {
    const { destroyedAt } = await this.destroy(everybodyOf(tenant), at);
    const keys = await this.database.commit(() => {
      this.database.prepare(BURY_ALL).run(at, tenant);
      this.database.prepare(OVERWRITE_ALL).run(tenant);
      return Number(this.database.prepare(COUNT_ALL).get(tenant, EVERYBODY)!['keys']);
    });
    await this.database.truncateLog();
    return { destroyedAt, keys };
  }

  async setNote(name: string, text: string): Promise<void> {
    const set = this.database.prepare('INSERT OR REPLACE INTO key_notes (name, text) VALUES (?, ?)');
    await this.database.commit(() => void set.run(name, text));
  }

  /** Overwrites every key with zeros, for a file that is about to be removed; keys of nobody are no entries any more. */
  async empty(): Promise<void> {
    const overwrite = this.database.prepare('UPDATE subject_keys SET wrapped = zeroblob(length(wrapped))');
    await this.database.commit(() => void overwrite.run());
    await this.database.truncateLog();
  }

  async close(): Promise<void> {}

  /** Within a transaction. False when the subject has a key, or had one. */
  #insertNew({ tenant, id }: Subject, wrapped: Buffer): boolean {
    return this.#insert.run(tenant, id, wrapped).changes === 1;
  }

  #destroyedAt({ tenant, id }: Subject): string | undefined {
    return this.#erased.get(tenant, id)?.['destroyed_at'] as string | undefined;
  }
}
