import type { CheckedQuery, CheckedSort, CursorPlace, FieldType, SortValue } from '@rapport/read-models';
import type { mongo } from 'mongoose';
import {
  endOfTenant,
  startOfTenant,
  storedId,
  type StoredDocument,
  type StoredFields,
} from './mongo-read-model-fields.js';
import { allOf, filterCondition, type Condition } from './mongo-read-model-filter.js';

/** The documents of a page, and one more where there is one. */
export const findPage = async (
  collection: mongo.Collection<StoredDocument>,
  fields: StoredFields,
  query: CheckedQuery,
  maxTimeMS: number,
): Promise<StoredDocument[]> => {
  const { tenant } = query;
  const wanted = query.limit + 1;
  const within: Condition = query.sort.length > 0 ? { tenant } : { tenant, _id: inTenant(tenant) };
  const filter = query.filter ? [filterCondition(query.filter, fields)] : [];
  const found: StoredDocument[] = [];
  for (const { condition, order } of stretchesOf(query, fields)) {
    const matching = allOf([within, ...filter, ...condition]);
    found.push(...(await inOrder(collection, matching, order, { limit: wanted - found.length, maxTimeMS })));
    if (found.length === wanted) break;
  }
  return found;
};

const inTenant = (tenant: string) => ({ $gte: startOfTenant(tenant), $lt: endOfTenant(tenant) });

/** A sort key as a path. */
interface Key {
  readonly path: string;
  readonly type: FieldType;
  readonly descending: boolean;
  /** Every document of the stretch has it. */
  readonly complete: boolean;
}

/** A part of a query's order, each after the other. */
interface Stretch {
  readonly condition: readonly Condition[];
  readonly order: readonly Key[];
}

/**
 * A query's order in stretches: documents that have the first sort key, then those that miss it, which MongoDB would put
 * first when ascending. What lies before the cursor is left out. So a declared index has each stretch in its order.
 */
const stretchesOf = (query: CheckedQuery, fields: StoredFields): readonly Stretch[] => {
  const { tenant, after, idDescending } = query;
  const id: Key = { path: '_id', type: 'text', descending: idDescending, complete: true };
  const keys = [...query.sort.map((sort) => keyOf(sort, fields)), id];
  const [first = id, ...rest] = keys;
  const values = after && valuesOf(after, tenant);
  if (first === id) return [{ condition: values ? [afterPlace([id], values)] : [], order: [id] }];
  const missing: Condition = { [first.path]: { $eq: null } };
  if (values?.[0] === null) return [{ condition: [missing, afterPlace(rest, values.slice(1))], order: rest }];
  const present = values ? afterPresent(first, rest, values) : [{ [first.path]: { $ne: null } }];
  return [
    { condition: present, order: [{ ...first, complete: true }, ...rest] },
    { condition: [missing], order: rest },
  ];
};

const keyOf = ({ field, type, descending }: CheckedSort, fields: StoredFields): Key => ({
  path: fields.key(field),
  type,
  descending,
  complete: false,
});

const valuesOf = (place: CursorPlace, tenant: string): SortValue[] => [...place.values, storedId(tenant, place.id)];

const beyond = ({ descending }: Key): '$lt' | '$gt' => (descending ? '$lt' : '$gt');

const stored = ({ type }: Key, value: SortValue): SortValue | boolean =>
  type === 'boolean' && value !== null ? value === 1 : value;

/** After a place whose first key is present. The bound comes once more by itself: there an index is entered. */
const afterPresent = (first: Key, rest: readonly Key[], values: readonly SortValue[]): Condition[] => {
  const value = stored(first, values[0]!);
  const same: Condition = { [first.path]: { $eq: value } };
  return [
    { [first.path]: { [`${beyond(first)}e`]: value } },
    { $or: [{ [first.path]: { [beyond(first)]: value } }, allOf([same, afterPlace(rest, values.slice(1))])] },
  ];
};

/** After a place by these keys, the last of which is `_id`; a missing value is behind every other. */
const afterPlace = ([key, ...rest]: readonly Key[], values: readonly SortValue[]): Condition => {
  const { path } = key!;
  const value = stored(key!, values[0]!);
  if (rest.length === 0) return { [path]: { [beyond(key!)]: value } };
  const tie = allOf([{ [path]: { $eq: value } }, afterPlace(rest, values.slice(1))]);
  if (value === null) return tie;
  return { $or: [{ [path]: { [beyond(key!)]: value } }, { [path]: { $eq: null } }, tie] };
};

/** An ascending key that may miss gets a flag before it, which puts missing values last; descending, they are there anyway. */
const inOrder = (
  collection: mongo.Collection<StoredDocument>,
  matching: Condition,
  order: readonly Key[],
  { limit, maxTimeMS }: { readonly limit: number; readonly maxTimeMS: number },
): Promise<StoredDocument[]> => {
  const flags: Record<string, object> = {};
  const sort: Record<string, 1 | -1> = {};
  order.forEach(({ path, descending, complete }, i) => {
    if (!descending && !complete) {
      flags[`missing${i}`] = { $lte: [`$${path}`, null] };
      sort[`missing${i}`] = 1;
    }
    sort[path] = descending ? -1 : 1;
  });
  if (Object.keys(flags).length === 0) {
    return collection
      .find(matching, { sort, limit, batchSize: limit + 1, maxTimeMS, projection: DOCUMENT_ONLY })
      .toArray();
  }
  const stages = [
    { $match: matching },
    { $addFields: flags },
    { $sort: sort },
    { $limit: limit },
    { $project: DOCUMENT_ONLY },
  ];
  return collection.aggregate<StoredDocument>(stages, { batchSize: limit + 1, maxTimeMS }).toArray();
};

const DOCUMENT_ONLY = { _id: 0, document: 1 } as const;
