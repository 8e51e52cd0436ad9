import { checkTenant, type Position } from '@rapport/kernel';
import {
  checkDeclaration,
  declarationDigest,
  unknownCollection,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentWrite,
  type ReadModelStore,
  type WriteBatch,
} from '@rapport/read-models';
import type { SqliteDatabase } from './database.js';
import { SqliteCollection } from './sqlite-read-model-collection.js';
import { ReadModelColumns, type ColumnValue } from './sqlite-read-model-columns.js';
import { SqliteGenerations } from './sqlite-read-model-generations.js';

/**
 * Read models in tables with one real column per declared field. Writes and their checkpoint are one transaction and
 * share it, and its fsync, with whatever else the database is given at that moment.
 */
export class SqliteReadModelStore implements ReadModelStore {
  private readonly generations: SqliteGenerations;

  /** The database has {@link READ_MODEL_SCHEMA}. Closing the store closes it. */
  constructor(private readonly database: SqliteDatabase) {
    this.generations = new SqliteGenerations(database);
  }

  async collection<D extends Document>(
    declaration: CollectionDeclaration<D>,
    generation?: string,
  ): Promise<Collection<D>> {
    checkDeclaration(declaration);
    const { name } = declaration;
    const collection = collectionIn(this.generations, declaration, generation);
    const shape = declarationDigest(declaration);
    await this.database.commit(() => this.generations.ensure(name, shape, generation, collection.columns));
    return collection;
  }

  /** Where there is much to put in order, other writes come in between one index and the next. */
  async index(collection: Collection<Document>): Promise<void> {
    const { table } = own(collection).residence();
    const missing = table.missingIndexes();
    if (missing.length === 0) return;
    const pieces = table.isSmall ? [missing] : missing.map((sql) => [sql]);
    for (const piece of pieces)
      await this.database.commit(() => piece.forEach((sql) => void this.database.prepare(sql).run()));
  }

  async write({ writes, checkpoint }: WriteBatch): Promise<void> {
    const rows = writes.map(rowOf);
    await this.database.commit(() => {
      const tables = new Map(collectionsOf(writes).map((collection) => [collection, collection.residence().table]));
      writes.forEach(({ collection, tenant, id, position }, i) => {
        const table = tables.get(collection as SqliteCollection)!;
        const row = rows[i];
        if (row) table.put(row);
        else table.remove(tenant, id, position);
      });
      if (checkpoint) this.database.prepare(MOVE_CHECKPOINT).run(checkpoint.follower, checkpoint.position);
    });
  }

  async checkpoint(follower: string): Promise<Position | undefined> {
    return this.database.prepare(CHECKPOINT).get(follower)?.['position'] as Position | undefined;
  }

  async activeGeneration(name: string): Promise<string | undefined> {
    return this.generations.active(name);
  }

  activate(name: string, generation: string): Promise<void> {
    return this.database.commit(() => this.generations.activate(name, generation));
  }

  drop(name: string, generation: string): Promise<void> {
    return this.database.commit(() => this.generations.discard(name, generation));
  }

  /** A table at a time, so that others write in between. */
  async removeTenant(tenant: string): Promise<number> {
    let removed = 0;
    for (const table of this.generations.ids())
      removed += await this.database.commit(() => this.generations.removeTenant(table, tenant));
    return removed;
  }

  /** Quick when the database was opened with `secureDelete`; otherwise the whole file is written anew. */
  async purge(): Promise<void> {
    const overwritten = this.database.prepare('PRAGMA secure_delete').get()?.['secure_delete'] === 1;
    if (!overwritten) this.database.prepare('VACUUM').run();
    await this.database.truncateLog();
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

/** A collection as it lies in a catalogue's tables, whoever fills them. */
export const collectionIn = <D extends Document>(
  generations: SqliteGenerations,
  declaration: CollectionDeclaration<D>,
  generation: string | undefined,
): SqliteCollection<D> => {
  const { name } = declaration;
  const shape = declarationDigest(declaration);
  const columns = new ReadModelColumns(declaration);
  return new SqliteCollection(declaration, columns, () => generations.residence(name, shape, generation, columns));
};

export const CHECKPOINT = 'SELECT position FROM read_model_checkpoints WHERE follower = ?';
const MOVE_CHECKPOINT = `INSERT INTO read_model_checkpoints (follower, position) VALUES (?, ?)
  ON CONFLICT DO UPDATE SET position = excluded.position WHERE excluded.position > position`;

/** What a table's `put` takes; undefined for a removal. Made before the transaction, which should be short. */
const rowOf = ({ collection, tenant, id, position, document }: DocumentWrite): ColumnValue[] | undefined => {
  const { columns } = own(collection);
  checkTenant(tenant);
  if (document === null) return undefined;
  return [tenant, id, position, ...columns.valuesOf(document), JSON.stringify(document)];
};

const own = (collection: Collection<Document>): SqliteCollection => {
  if (collection instanceof SqliteCollection) return collection as SqliteCollection;
  throw unknownCollection(collection.declaration.name);
};

const collectionsOf = (writes: readonly DocumentWrite[]): readonly SqliteCollection[] => [
  ...new Set(writes.map(({ collection }) => collection as SqliteCollection)),
];
