import type { Position } from '@rapport/kernel';
import type { Filter } from './filter/filter.js';
import { withOpenFields } from './generation.js';
import type { InMemoryDocuments } from './in-memory-documents.js';
import {
  keyOf,
  type Aggregation,
  type Collection,
  type CollectionDeclaration,
  type Document,
  type DocumentKey,
  type Documents,
  type Group,
  type Query,
  type QueryPage,
} from './read-model-store.js';
import { checkScope, type Scope } from './scope/scope.js';
import { getMany, visible } from './scope/visible.js';

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

  async get(scope: Scope, id: string): Promise<D | undefined> {
    const { tenant } = checkScope(scope);
    return visible(scope, this.declaration, this.documents().record(tenant, id)?.document as D | null | undefined);
  }

  getMany(scope: Scope, ids: Iterable<string>): Promise<ReadonlyMap<string, D>> {
    return getMany(this, scope, ids);
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

  async query(scope: Scope, query: Query): Promise<QueryPage<D>> {
    return this.documents().query(scope, query) as QueryPage<D>;
  }

  async count(scope: Scope, filter?: Filter): Promise<number> {
    return this.documents().count(scope, filter);
  }

  async estimatedCount(scope: Scope): Promise<number> {
    return this.documents().count(scope);
  }

  async aggregate(scope: Scope, aggregation: Aggregation): Promise<readonly Group[]> {
    return this.documents().aggregate(scope, aggregation);
  }

  withFields(fields: CollectionDeclaration['fields']): Documents<D> {
    if (this.declaration.open === undefined) return this;
    const declaration = withOpenFields(this.declaration, fields);
    return new InMemoryCollection(declaration, this.resolve, () => this.documents().as(declaration));
  }
}
