import { searchKey, type Comparison, type Filter, type FilterValue } from '@rapport/read-models';
import type { mongo } from 'mongoose';
import { entryValue, type StoredDocument, type StoredFields } from './mongo-read-model-fields.js';

export type Condition = mongo.Filter<StoredDocument>;
type Value = NonNullable<FilterValue>;

/**
 * A checked filter as a MongoDB condition. Values only ever stand behind an operator, as text, number or boolean, so none
 * of them can be taken for one. MongoDB's conditions are two-valued as ours are: a missing field compares as false.
 */
export const filterCondition = (filter: Filter, fields: StoredFields): Condition => {
  if (filter.kind === 'not') return { $nor: [filterCondition(filter.term, fields)] };
  if (filter.kind === 'compare') return comparison(filter, fields);
  if (filter.kind === 'or') return anyOf(alternatives(filter.terms, fields));
  return allOf(filter.terms.map((term) => filterCondition(term, fields)));
};

export const allOf = (terms: readonly Condition[]): Condition =>
  terms.length > 1 ? { $and: [...terms] } : (terms[0] ?? {});

const anyOf = (terms: readonly Condition[]): Condition =>
  terms.length > 1 ? { $or: [...terms] } : (terms[0] ?? { _id: { $in: [] } });

/** The equalities of one field become one list: one stretch of an index instead of a plan for each. */
const alternatives = (terms: readonly Filter[], fields: StoredFields): readonly Condition[] => {
  const conditions: Condition[] = [];
  const listed = new Map<string, Value[]>();
  for (const term of terms) {
    if (term.kind !== 'compare' || term.operator !== '=' || term.value === null) {
      conditions.push(filterCondition(term, fields));
    } else if (!listed.get(term.field)?.push(term.value)) listed.set(term.field, [term.value]);
  }
  for (const [field, values] of listed) conditions.push(isOneOf(field, values, fields));
  return conditions;
};

/** Indexes are over the keys; equal texts have equal keys. */
const isOneOf = (field: string, values: readonly Value[], fields: StoredFields): Condition => {
  const [exact, key] = [fields.exact(field), fields.key(field)];
  if (exact === key) return { [key]: { $in: values } };
  return { [key]: { $in: values.map((value) => searchKey(String(value))) }, [exact]: { $in: values } };
};

const comparison = ({ field, operator, value }: Comparison, fields: StoredFields): Condition => {
  const key = fields.key(field);
  if (operator === 'present') return { [key]: { $ne: null } };
  if (value === null) return { [key]: operator === '=' ? { $eq: null } : { $ne: null } };
  switch (operator) {
    case '=':
      return isOneOf(field, [value], fields);
    case 'has':
      return { [key]: fields.type(field) === 'texts' ? { $eq: searchKey(String(value)) } : { $regex: literal(value) } };
    case 'starts-with':
      return { [key]: { $regex: `^${literal(value)}` } };
    default:
      return { [fields.exact(field)]: { [ORDERED[operator]]: value } };
  }
};

/**
 * What every match of a filter by fields of a tenant has among its entries. It says nothing new: by it the server finds the index
 * that leads there.
 */
export const led = (tenant: string, filter: Filter, fields: StoredFields): readonly Condition[] => {
  if (filter.kind === 'and') return filter.terms.flatMap((term) => led(tenant, term, fields)).slice(0, 1);
  if (filter.kind === 'or') return ledToAny(tenant, filter.terms, fields);
  if (filter.kind !== 'compare' || !fields.isOpen(filter.field)) return [];
  const { field, operator, value } = filter;
  const type = fields.type(field);
  const isList = type === 'texts';
  if (value === null || type === 'boolean' || operator === '!=' || operator === 'present') return [];
  const bound = typeof value === 'string' && (isList || type === 'text') ? entryValue(searchKey(value)) : value;
  const entered = { field: fields.entry(tenant, field) };
  if (operator === '=' || (operator === 'has' && isList))
    return [{ open: { $elemMatch: { ...entered, value: bound } } }];
  if (operator === 'starts-with' && bound !== '')
    return [{ open: { $elemMatch: { ...entered, value: { $regex: `^${literal(bound)}` } } } }];
  if (operator === 'has' || operator === 'starts-with' || isList || type === 'text') return [];
  return [{ open: { $elemMatch: { ...entered, value: { [ORDERED[operator]]: bound } } } }];
};

/** Where every alternative has something among its entries. */
const ledToAny = (tenant: string, terms: readonly Filter[], fields: StoredFields): readonly Condition[] => {
  const ways = terms.map((term) => led(tenant, term, fields));
  return ways.length > 0 && ways.every(([way]) => way !== undefined) ? [anyOf(ways.map(([way]) => way!))] : [];
};

const ORDERED = { '!=': '$ne', '<': '$lt', '<=': '$lte', '>': '$gt', '>=': '$gte' } as const;

/** A pattern that matches the value's search key and nothing else. */
const literal = (value: Value): string => searchKey(String(value)).replaceAll(SPECIAL, '\\$&');
const SPECIAL = /[\\^$.|?*+()[\]{}]/g;
