import type { StatementSync } from 'node:sqlite';
import {
  everybodyOf,
  type KeyEntry,
  type KeyStore,
  type MasterKey,
  type Subject,
  type SubjectKey,
} from '@rapport/privacy';
import type { Queries } from './statements.js';

const ENTRIES_PER_PAGE = 1_000;

type Row = Readonly<Record<string, unknown>>;
type Found = SubjectKey | 'destroyed' | undefined;

/** What can be asked of a file of keys; whoever opened it closes it. */
export class SqliteKeyReader implements Pick<KeyStore, 'find' | 'findMany' | 'entries' | 'note' | 'destroyedTenants'> {
  readonly #key: StatementSync;
  readonly #keys: StatementSync;
  readonly #tenant: StatementSync;

  constructor(
    private readonly queries: Queries,
    private readonly master: MasterKey,
  ) {
    this.#key = queries.prepare('SELECT wrapped FROM subject_keys WHERE tenant = ? AND id = ?');
    this.#tenant = queries.prepare(`SELECT 1 FROM erased_subjects WHERE tenant = ? AND id = '${EVERYBODY}'`);
    this.#keys = queries.prepare(
      'SELECT id, wrapped FROM subject_keys WHERE tenant = ? AND id IN (SELECT value FROM json_each(?))',
    );
  }

  async find(subject: Subject): Promise<Found> {
    return this.findNow(subject);
  }

  findNow(subject: Subject): Found {
    return this.#opened(this.#key.get(subject.tenant, subject.id), subject);
  }

  /** One statement per tenant. */
  async findMany(subjects: readonly Subject[]): Promise<readonly Found[]> {
    const rows = new Map<string, Row>();
    for (const [tenant, ofTenant] of Map.groupBy(subjects, (subject) => subject.tenant)) {
      const ids = JSON.stringify(ofTenant.map(({ id }) => id));
      for (const row of this.#keys.all(tenant, ids)) rows.set(`${tenant}/${String(row['id'])}`, row);
    }
    return subjects.map((subject) => this.#opened(rows.get(`${subject.tenant}/${subject.id}`), subject));
  }

  async *entries(): AsyncGenerator<readonly KeyEntry[], void, undefined> {
    for (let after = 0; ;) {
      const rows = this.queries.prepare(ENTRIES).all(after, ENTRIES_PER_PAGE);
      yield rows.flatMap((row) => this.#entryOf(row));
      if (rows.length < ENTRIES_PER_PAGE) return;
      after = Number(rows.at(-1)!['place']);
    }
  }

  async destroyedTenants(): Promise<readonly string[]> {
    const rows = this.queries.prepare(`SELECT tenant FROM erased_subjects WHERE id = '${EVERYBODY}'`).all();
    return rows.map((row) => row['tenant'] as string);
  }

  protected isGone(tenant: string): boolean {
    return this.#tenant.get(tenant) !== undefined;
  }

  async note(name: string): Promise<string | undefined> {
    return this.queries.prepare('SELECT text FROM key_notes WHERE name = ?').get(name)?.['text'] as string | undefined;
  }

  /** None for a key that was overwritten without a tombstone: see {@link SqliteKeyStore.empty}. */
  #entryOf(row: Row): readonly KeyEntry[] {
    const subject = { tenant: row['tenant'] as string, id: row['id'] as string };
    if (row['destroyed_at'] !== null) return [{ subject, destroyedAt: row['destroyed_at'] as string }];
    const key = this.#opened(row, subject);
    return key === undefined || key === 'destroyed' ? [] : [{ subject, key }];
  }

  /** Only a destroyed key is all zeros: what the master key wraps has a random beginning. */
  #opened(row: Row | undefined, subject: Subject): Found {
    if (!row) return this.isGone(subject.tenant) ? 'destroyed' : undefined;
    const wrapped = row['wrapped'] as Uint8Array;
    return wrapped.every((byte) => byte === 0) ? 'destroyed' : this.master.unwrap(wrapped, subject);
  }
}

/** In the place of an id: of all subjects of the tenant. */
export const EVERYBODY = everybodyOf('').id;

const ENTRIES = `
  SELECT place, k.tenant, k.id, wrapped, destroyed_at FROM subject_keys k
  LEFT JOIN erased_subjects e ON e.tenant = k.tenant AND e.id = k.id
  WHERE place > ? ORDER BY place LIMIT ?`;
