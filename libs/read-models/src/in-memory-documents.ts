import { checkTenant, type Position } from '@rapport/kernel';
import type { Aggregation, CollectionDeclaration, Document, Group, Query, QueryPage } from './read-model-store.js';
import { fieldReader, sortReader } from './filter/field-value.js';
import type { Filter } from './filter/filter.js';
import { compile } from './filter/predicate.js';
import { checkAggregation, compareGroups } from './query/check-aggregation.js';
import { checkQuery } from './query/check-query.js';
import { placeOrder } from './query/sort-order.js';
import type { Scope } from './scope/scope.js';
import { checkMatching, type ScopedFilter } from './scope/scoped-filter.js';
import { shown } from './scope/visible.js';

export interface MemoryRecord {
  readonly document: Document | null;
  readonly position: Position;
}

/** The documents of one generation, by tenant and id. Copies in and out: a caller's object is never the stored one. */
export class InMemoryDocuments {
  constructor(
    readonly declaration: CollectionDeclaration,
    private readonly tenants = new Map<string, Map<string, MemoryRecord>>(),
  ) {}

  /** The same documents, asked by another declaration. */
  as(declaration: CollectionDeclaration): InMemoryDocuments {
    return new InMemoryDocuments(declaration, this.tenants);
  }

  record(tenant: string, id: string): MemoryRecord | undefined {
    const record = this.tenants.get(checkTenant(tenant))?.get(id);
    return record && structuredClone(record);
  }

  put(tenant: string, id: string, record: MemoryRecord): void {
    const documents = this.tenants.get(tenant) ?? new Map<string, MemoryRecord>();
    this.tenants.set(tenant, documents);
    const known = documents.get(id);
    if (known && known.position >= record.position) return;
    documents.set(id, JSON.parse(JSON.stringify(record)) as MemoryRecord);
  }

  /** Answers how many there were. */
  removeTenant(tenant: string): number {
    const records = [...(this.tenants.get(tenant)?.values() ?? [])];
    this.tenants.delete(tenant);
    return records.filter(({ document }) => document !== null).length;
  }

  query(scope: Scope, query: Query): QueryPage<Document> {
    const checked = checkQuery(this.declaration, scope, query);
    const { sort, limit, after } = checked;
    const readers = sort.map(({ field, type }) => sortReader(field, type));
    const order = placeOrder(checked);
    const matching = this.matching(checked);
    const places = matching
      .map((document) => ({ document, id: document.id, values: readers.map((read) => read(document)) }))
      .filter((place) => after === undefined || order(place, after) > 0)
      .sort(order);
    const found = places.slice(0, limit).map((place) => structuredClone(place.document));
    const documents = found.map((document) => shown(scope, document));
    return {
      documents,
      ...(places.length > limit && { next: checked.cursorAfter(found.at(-1)!) }),
      ...(query.total && { total: matching.length }),
    };
  }

  count(scope: Scope, filter?: Filter): number {
    return this.matching(checkMatching(this.declaration, scope, filter)).length;
  }

  aggregate(scope: Scope, aggregation: Aggregation): readonly Group[] {
    const checked = checkAggregation(this.declaration, scope, aggregation);
    const { groupBy, sums } = checked;
    const readers = groupBy.map((field) => fieldReader(field, this.declaration.fields[field]!));
    const numbers = sums.map((field) => ({ field, read: fieldReader(field, 'number') }));
    const groups = new Map<string, { key: Group['key']; count: number; sums: Record<string, bigint> }>();
    const groupOf = (key: Group['key']) => {
      const name = JSON.stringify(key);
      const group = groups.get(name) ?? { key, count: 0, sums: Object.fromEntries(sums.map((field) => [field, 0n])) };
      groups.set(name, group);
      return group;
    };
    if (groupBy.length === 0) groupOf([]);
    for (const document of this.matching(checked)) {
      const group = groupOf(readers.map((read) => read(document)) as unknown as Group['key']);
      group.count += 1;
      for (const { field, read } of numbers) group.sums[field]! += BigInt(Math.trunc(Number(read(document) ?? 0)));
    }
    return [...groups.values()].sort(compareGroups);
  }

  private matching({ tenant, filter }: ScopedFilter): Document[] {
    const test = filter ? compile(filter, this.declaration.fields) : () => true;
    const found: Document[] = [];
    for (const { document } of this.tenants.get(tenant)?.values() ?? []) {
      if (document !== null && test(document)) found.push(document);
    }
    return found;
  }
}
