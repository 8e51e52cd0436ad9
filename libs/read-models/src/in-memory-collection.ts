import type { Position } from '@rapport/kernel';
import type { Filter } from './filter/filter.js';
import type { InMemoryDocuments } from './in-memory-documents.js';
import {
  keyOf,
  type Aggregation,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentKey,
  type Group,
  type Query,
  type QueryPage,
} from './read-model-store.js';

/** A collection as its users hold it. Opened without a generation, it follows the active one. */
export class InMemoryCollection<D extends Document> implements Collection<D> {
  constructor(
    readonly declaration: CollectionDeclaration<D>,
    private readonly resolve: () => string,
    /** Throws when the generation was dropped. */
    readonly documents: () => InMemoryDocuments,
  ) {}

  get generation(): string {
    return this.resolve();
  }

  async get(tenant: string, id: string): Promise<D | undefined> {
    return (this.documents().record(tenant, id)?.document ?? undefined) as D | undefined;
  }

  async load(keys: readonly DocumentKey[]): Promise<Map<string, { document: D | null; position: Position }>> {
    const documents = this.documents();
    const found = new Map<string, { document: D | null; position: Position }>();
    for (const key of keys) {
      const record = documents.record(key.tenant, key.id);
      if (record) found.set(keyOf(key), record as { document: D | null; position: Position });
    }
    return found;
  }

  async query(tenant: string, query: Query): Promise<QueryPage<D>> {
    return this.documents().query(tenant, query) as QueryPage<D>;
  }

  async count(tenant: string, filter?: Filter): Promise<number> {
    return this.documents().count(tenant, filter);
  }

  async estimatedCount(tenant: string): Promise<number> {
    return this.documents().count(tenant);
  }

  async aggregate(tenant: string, aggregation: Aggregation): Promise<readonly Group[]> {
    return this.documents().aggregate(tenant, aggregation);
  }
}
