import type { StatementSync } from 'node:sqlite';
import type { Bookkeeping, Change, Entry, EntryKey } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import type { SqliteDatabase } from './database.js';

export const BOOKKEEPING_TABLES = `
  CREATE TABLE bookkeeping_checkpoints (
    follower TEXT PRIMARY KEY,
    position TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE bookkeeping_entries (
    list TEXT NOT NULL,
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (list, tenant, id)
  ) STRICT, WITHOUT ROWID;
`;

/** Tables in the file of the facts. What is saved shares an fsync with whatever is written there at that moment. */
export class SqliteBookkeeping implements Bookkeeping {
  readonly #checkpoint: StatementSync;
  readonly #moveCheckpoint: StatementSync;
  readonly #entry: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(private readonly database: SqliteDatabase) {
    this.#checkpoint = database.prepare('SELECT position FROM bookkeeping_checkpoints WHERE follower = ?');
    this.#moveCheckpoint = database.prepare(
      `INSERT INTO bookkeeping_checkpoints (follower, position) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET position = excluded.position WHERE excluded.position > position`,
    );
    this.#entry = database.prepare('SELECT entry FROM bookkeeping_entries WHERE list = ? AND tenant = ? AND id = ?');
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO bookkeeping_entries (list, tenant, id, entry) VALUES (?,?,?,?)',
    );
    this.#remove = database.prepare('DELETE FROM bookkeeping_entries WHERE list = ? AND tenant = ? AND id = ?');
  }

  async checkpoint(follower: string): Promise<Position | undefined> {
    return this.#checkpoint.get(follower)?.['position'] as Position | undefined;
  }

  async saveCheckpoint(follower: string, position: Position): Promise<void> {
    await this.database.commit(() => this.#moveCheckpoint.run(follower, position));
  }

  async entries<E extends Entry>(list: string, tenant?: string): Promise<readonly E[]> {
    const rows = this.database
      .prepare(
        `SELECT entry FROM bookkeeping_entries WHERE list = ?1 AND (?2 IS NULL OR tenant = ?2) ORDER BY tenant, id`,
      )
      .all(list, tenant ?? null);
    return rows.map(({ entry }) => JSON.parse(entry as string) as E);
  }

  async entry<E extends Entry>(list: string, { tenant, id }: EntryKey): Promise<E | undefined> {
    const row = this.#entry.get(list, tenant, id);
    return row && (JSON.parse(row['entry'] as string) as E);
  }

  async change<E extends Entry>(list: string, { tenant, id }: EntryKey, change: Change<E>): Promise<void> {
    await this.database.commit(() => {
      const row = this.#entry.get(list, tenant, id);
      const present = row && (JSON.parse(row['entry'] as string) as E);
      const next = change(present);
      if (next === present) return;
      if (next) this.#put.run(list, tenant, id, JSON.stringify(next));
      else this.#remove.run(list, tenant, id);
    });
  }
}
