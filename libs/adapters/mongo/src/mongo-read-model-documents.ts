import { checkTenant, type Position } from '@rapport/kernel';
import {
  checkAggregation,
  checkMatching,
  checkQuery,
  checkScope,
  compareGroups,
  keyOf,
  shown,
  visible,
  type Aggregation,
  type Document,
  type DocumentKey,
  type DocumentWrite,
  type FieldType,
  type Filter,
  type Group,
  type Query,
  type QueryPage,
  type Scope,
  type ScopedFilter,
} from '@rapport/read-models';
import { mongo } from 'mongoose';
import { storedId, type StoredDocument, type StoredFields } from './mongo-read-model-fields.js';
import { allOf, filterCondition, led, type Condition } from './mongo-read-model-filter.js';
import { findPage } from './mongo-read-model-page.js';
import { note, putNewer, type Seen } from './mongo-read-model-write.js';

/** So many groups come in one answer. */
const MOST_GROUPS = 10_000;
/** A tenant with fewer documents is counted anew each time, one with more at most this often. */
const MANY = 10_000;
const COUNT_AGAIN_MS = 10_000;

/** The documents of one generation, in a collection of their own. Failures come as the driver throws them. */
export class MongoDocuments {
  private readonly seen: Seen = new Map();

  constructor(
    private readonly collection: mongo.Collection<StoredDocument>,
    private readonly fields: StoredFields,
    /** After which the server gives up a question, as whoever asked has then. */
    private readonly maxTimeMS: number,
    private readonly counts = new Map<string, { readonly count: number; readonly at: number }>(),
  ) {}

  /** The same documents, asked for other fields. */
  as(fields: StoredFields): MongoDocuments {
    return new MongoDocuments(this.collection, fields, this.maxTimeMS, this.counts);
  }

  get name(): string {
    return this.collection.collectionName;
  }

  /** Makes the collection too. Harmless where they are there, or are being made by another process. */
  async createIndexes(): Promise<void> {
    await this.collection.createIndexes(this.fields.indexes());
  }

  /** Whether any document is new. */
  put(writes: Iterable<DocumentWrite>): Promise<boolean> {
    return putNewer(this.collection, this.fields, writes, this.seen);
  }

  async get(scope: Scope, id: string): Promise<Document | undefined> {
    const { tenant } = checkScope(scope);
    const found = await this.collection.findOne({ _id: storedId(tenant, id) }, { projection: { _id: 0, document: 1 } });
    return visible(scope, this.fields.declaration, found?.document);
  }

  async load(keys: readonly DocumentKey[]): Promise<Map<string, { document: Document | null; position: Position }>> {
    const wanted = new Map(keys.map((key) => [storedId(checkTenant(key.tenant), key.id), keyOf(key)]));
    const options = { projection: { document: 1, position: 1 }, batchSize: wanted.size + 1 } as const;
    const found = await this.collection.find({ _id: { $in: [...wanted.keys()] } }, options).toArray();
    note(this.seen, wanted.keys(), found);
    return new Map(
      found.map(({ _id, document = null, position }) => [wanted.get(_id)!, { document, position }] as const),
    );
  }

  async query(scope: Scope, query: Query): Promise<QueryPage<Document>> {
    const checked = checkQuery(this.fields.declaration, scope, query);
    const [found, total] = await Promise.all([
      findPage(this.collection, this.fields, checked, this.maxTimeMS),
      query.total ? this.count(scope, query.filter) : undefined,
    ]);
    const stored = found.slice(0, checked.limit).map(({ document }) => document!);
    const documents = stored.map((document) => shown(scope, document));
    return {
      documents,
      ...(found.length > checked.limit && { next: checked.cursorAfter(stored.at(-1)!) }),
      ...(total !== undefined && { total }),
    };
  }

  async count(scope: Scope, filter?: Filter): Promise<number> {
    const { maxTimeMS } = this;
    const matching = this.matching(checkMatching(this.fields.declaration, scope, filter));
    return this.collection.countDocuments(matching, { maxTimeMS });
  }

  async estimatedCount(scope: Scope): Promise<number> {
    const { tenant, rows } = checkScope(scope);
    if (rows) return this.count(scope);
    const known = this.counts.get(tenant);
    if (known && performance.now() - known.at < COUNT_AGAIN_MS) return known.count;
    const count = await this.count(scope);
    if (count >= MANY) this.counts.set(tenant, { count, at: performance.now() });
    return count;
  }

  async aggregate(scope: Scope, aggregation: Aggregation): Promise<readonly Group[]> {
    const checked = checkAggregation(this.fields.declaration, scope, aggregation);
    const { groupBy, sums } = checked;
    const keys = groupBy.map((field, i) => [`g${i}`, groupKey(field, this.fields)] as const);
    const totals = sums.flatMap((field, i) => exactSum(`$${this.fields.key(field)}`, `s${i}`));
    const group = { _id: Object.fromEntries(keys), n: { $sum: 1 }, ...Object.fromEntries(totals) };
    const stages = [{ $match: this.matching(checked) }, { $group: group }];
    const rows = await this.collection
      .aggregate<Row>(stages, { maxTimeMS: this.maxTimeMS, batchSize: MOST_GROUPS })
      .toArray();
    if (rows.length === 0 && groupBy.length === 0) rows.push({ _id: {}, n: 0 });
    const groups = rows.map((row) => ({
      key: groupBy.map((field, i) => groupValue(row._id[`g${i}`], this.fields.type(field))),
      count: Number(row.n),
      sums: Object.fromEntries(sums.map((field, i) => [field, sumIn(row, `s${i}`)])),
    }));
    return groups.sort(compareGroups);
  }

  /** Harmless where there is none. */
  async drop(): Promise<void> {
    await dropCollection(this.collection);
  }

  private matching({ tenant, filter }: ScopedFilter): Condition {
    return filter
      ? allOf([{ tenant }, filterCondition(filter, this.fields), ...led(tenant, filter, this.fields)])
      : { tenant };
  }
}

/** A text gets something before it: where it begins with `$`, some servers would take it for an expression once more. */
const groupKey = (field: string, fields: StoredFields): unknown => {
  const path = `$${fields.exact(field)}`;
  return fields.type(field) === 'text' ? { $concat: ['=', path] } : path;
};

const groupValue = (value: GroupValue = null, type: FieldType): GroupValue =>
  type === 'text' && typeof value === 'string' ? value.slice(1) : value;

type GroupValue = Group['key'][number];

interface Row {
  readonly _id: Readonly<Record<string, GroupValue>>;
  readonly n: number;
  readonly [half: `${'high' | 'low'}_${string}`]: number;
}

/** The halves of whole numbers are added up apart: each sum is exact as a double for 2^26 documents, and no other number is. */
const exactSum = (value: string, name: string): readonly (readonly [string, { readonly $sum: unknown }])[] => [
  [`high_${name}`, { $sum: { $trunc: { $divide: [value, HALF] } } }],
  [`low_${name}`, { $sum: { $mod: [{ $trunc: value }, HALF] } }],
];

const sumIn = (row: Row, name: string): bigint =>
  BigInt(row[`high_${name}`] ?? 0) * BigInt(HALF) + BigInt(row[`low_${name}`] ?? 0);

const HALF = 2 ** 27;

/** Before version 7, MongoDB refused to drop what is not there. */
export const dropCollection = async (collection: { drop(): Promise<boolean> }): Promise<void> => {
  try {
    await collection.drop();
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || error.errmsg !== 'ns not found') throw error;
  }
};
