import {
  fixedFields,
  type CheckedQuery,
  type CheckedSort,
  type CursorPlace,
  type FieldType,
  type SortValue,
} from '@rapport/read-models';
import type { mongo } from 'mongoose';
import {
  endOfTenant,
  startOfTenant,
  storedId,
  type StoredDocument,
  type StoredFields,
} from './mongo-read-model-fields.js';
import { allOf, filterCondition, led, type Condition } from './mongo-read-model-filter.js';

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
  const filter = query.filter ? [filterCondition(query.filter, fields), ...led(tenant, query.filter, fields)] : [];
  const found: StoredDocument[] = [];
  for (const { condition, order, walked } of stretchesOf(query, fields)) {
    const matching = allOf([within, ...filter, ...condition]);
    const bounds = { limit: wanted - found.length, maxTimeMS };
    found.push(...(await (walked ? nearest : inOrder)(collection, matching, order, bounds)));
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
  /** An index has the order of the first of several sort keys. */
  readonly walked: boolean;
}

/**
 * A query's order in stretches: documents that have the first sort key, then those that miss it and have the second, and so
 * on, as MongoDB would put those that miss one first when ascending. What lies before the cursor is left out.
 */
const stretchesOf = (query: CheckedQuery, fields: StoredFields): readonly Stretch[] => {
  const { tenant, filter, sort, after, idDescending } = query;
  const id: Key = { path: '_id', type: 'text', descending: idDescending, complete: true };
  const keys = [...sort.map((each) => keyOf(each, fields)), id];
  const fixed = fixedFields(filter);
  const leads = (field: string): boolean =>
    fields.indexed.some((index) => index.find((each) => !fixed.has(each)) === field);
  const walked = sort.map(({ field }, i) => i < sort.length - 1 && leads(field));
  return stretchesFrom({ keys, walked }, after && valuesOf(after, tenant), []);
};

const stretchesFrom = (
  { keys, walked }: { readonly keys: readonly Key[]; readonly walked: readonly boolean[] },
  values: readonly SortValue[] | undefined,
  condition: readonly Condition[],
): readonly Stretch[] => {
  const [first, ...rest] = keys;
  if (rest.length === 0) {
    const last = values ? [afterPlace(keys, values)] : [];
    return [{ condition: [...condition, ...last], order: keys, walked: false }];
  }
  const missing = [...condition, { [first!.path]: { $eq: null } }];
  const others = { keys: rest, walked: walked.slice(1) };
  if (values?.[0] === null) return stretchesFrom(others, values.slice(1), missing);
  const present = values ? afterPresent(first!, rest, values) : [{ [first!.path]: { $ne: null } }];
  const order = [{ ...first!, complete: true }, ...rest];
  return [
    { condition: [...condition, ...present], order, walked: walked[0]! },
    ...stretchesFrom(others, undefined, missing),
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

interface Bounds {
  readonly limit: number;
  readonly maxTimeMS: number;
}

/**
 * By several keys: an index leads along the first as far as the page reaches, and only what lies before is sorted by all of
 * them. MongoDB would sort everything, having no such step.
 */
const nearest = async (
  collection: mongo.Collection<StoredDocument>,
  matching: Condition,
  order: readonly Key[],
  bounds: Bounds,
): Promise<StoredDocument[]> => {
  const { path, descending } = order[0]!;
  const direction = descending ? -1 : 1;
  const options = { projection: { _id: 0, [path]: 1 }, maxTimeMS: bounds.maxTimeMS };
  const [last] = await collection
    .find(matching, { ...options, sort: { [path]: direction, _id: direction }, skip: bounds.limit - 1, limit: 1 })
    .toArray();
  if (!last) return inOrder(collection, matching, order, bounds);
  const near = { [path]: { [descending ? '$gte' : '$lte']: Object.values(last.keys!)[0] } };
  const found = await inOrder(collection, allOf([matching, near]), order, bounds);
  // Some of it may have gone in between.
  return found.length === bounds.limit ? found : inOrder(collection, matching, order, bounds);
};

/** An ascending key that may miss gets a flag before it, which puts missing values last; descending, they are there anyway. */
const inOrder = (
  collection: mongo.Collection<StoredDocument>,
  matching: Condition,
  order: readonly Key[],
  { limit, maxTimeMS }: Bounds,
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
