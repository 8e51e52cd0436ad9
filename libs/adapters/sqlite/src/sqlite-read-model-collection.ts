import type { Position } from '@rapport/kernel';
import {
  getMany,
  keyOf,
  type Aggregation,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentKey,
  type Documents,
  type Filter,
  type Group,
  type Query,
  type QueryPage,
  type Scope,
} from '@rapport/read-models';
import type { ReadModelColumns } from './sqlite-read-model-columns.js';
import type { ReadModelTable } from './sqlite-read-model-table.js';

/** Where a collection's documents are at this moment. */
export interface Residence {
  readonly generation: string;
  readonly table: ReadModelTable;
}

/** A collection as its users hold it. Opened without a generation, it follows the active one. */
export class SqliteCollection<D extends Document = Document> implements Collection<D> {
  constructor(
    readonly declaration: CollectionDeclaration<D>,
    readonly columns: ReadModelColumns,
    /** Throws when the generation was dropped. */
    readonly residence: () => Residence,
  ) {}

  get generation(): string {
    return this.residence().generation;
  }

  async get(scope: Scope, id: string): Promise<D | undefined> {
    return this.residence().table.get(scope, id) as D | undefined;
  }

  getMany(scope: Scope, ids: Iterable<string>): Promise<ReadonlyMap<string, D>> {
    return getMany(this, scope, ids);
  }

  async load(keys: readonly DocumentKey[]): Promise<Map<string, { document: D | null; position: Position }>> {
    const found = new Map<string, { document: D | null; position: Position }>();
    this.residence().table.load(keys, (key, document, position) =>
      found.set(keyOf(key), { document: document as D | null, position }),
    );
    return found;
  }

  async query(scope: Scope, query: Query): Promise<QueryPage<D>> {
    return this.reading((table) => table.query(scope, query) as Promise<QueryPage<D>>);
  }

  async count(scope: Scope, filter?: Filter): Promise<number> {
    return this.reading((table) => table.count(scope, filter));
  }

  async estimatedCount(scope: Scope): Promise<number> {
    return this.reading((table) => table.estimatedCount(scope));
  }

  async aggregate(scope: Scope, aggregation: Aggregation): Promise<readonly Group[]> {
    return this.residence().table.aggregate(scope, aggregation);
  }

  withFields(fields: CollectionDeclaration['fields']): Documents<D> {
    if (this.declaration.open === undefined) return this;
    const columns = this.columns.with(fields);
    return new SqliteCollection(columns.declaration as CollectionDeclaration<D>, columns, () => {
      const { generation, table } = this.residence();
      return { generation, table: table.as(columns) };
    });
  }

  /** A long look may lose its table to a newer generation, which then has the answer. */
  private async reading<T>(look: (table: ReadModelTable) => Promise<T>): Promise<T> {
    const { table } = this.residence();
    try {
      return await look(table);
    } catch (failure) {
      const now = this.residence();
      if (now.table === table) throw failure;
      return look(now.table);
    }
  }
}
