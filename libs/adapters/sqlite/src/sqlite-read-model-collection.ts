import type { Position } from '@rapport/kernel';
import {
  keyOf,
  type Aggregation,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentKey,
  type Filter,
  type Group,
  type Query,
  type QueryPage,
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

  async get(tenant: string, id: string): Promise<D | undefined> {
    return this.residence().table.get(tenant, id) as D | undefined;
  }

  async load(keys: readonly DocumentKey[]): Promise<Map<string, { document: D | null; position: Position }>> {
    const found = new Map<string, { document: D | null; position: Position }>();
    this.residence().table.load(keys, (key, document, position) =>
      found.set(keyOf(key), { document: document as D | null, position }),
    );
    return found;
  }

  async query(tenant: string, query: Query): Promise<QueryPage<D>> {
    return this.residence().table.query(tenant, query) as QueryPage<D>;
  }

  async count(tenant: string, filter?: Filter): Promise<number> {
    return this.residence().table.count(tenant, filter);
  }

  async estimatedCount(tenant: string): Promise<number> {
    return this.residence().table.estimatedCount(tenant);
  }

  async aggregate(tenant: string, aggregation: Aggregation): Promise<readonly Group[]> {
    return this.residence().table.aggregate(tenant, aggregation);
  }
}
