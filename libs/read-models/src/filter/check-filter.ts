import { type TimeZone, UTC } from '@rapport/kernel';
import type { FieldType } from '../read-model-store.js';
import { closestNames } from './closest-names.js';
import { toDate, toTime } from './date-and-time.js';
import type { Comparison, Filter, FilterValue, Operator } from './filter.js';
import { badFilter } from './filter-problem.js';
import { wellFormed } from './search-key.js';

export type Fields = Readonly<Record<string, FieldType>>;

/** What is wrong with a comparison, without the place. */
export interface Misfit {
  readonly expected: string;
  readonly found: string;
}

/**
 * The same filter with every value in its field's type and in one canonical form, for engines to compile. Refuses unknown
 * fields, operators that a type does not have, and values of another type, as invalid. Filters made by hand and filters
 * from {@link parseFilter} both pass here.
 */
export const checkFilter = (filter: Filter, fields: Fields): Filter => {
  if (filter.kind === 'not') return { kind: 'not', term: checkFilter(filter.term, fields) };
  if (filter.kind !== 'compare') {
    return { kind: filter.kind, terms: filter.terms.map((term) => checkFilter(term, fields)) };
  }
  const checked = checkComparison(filter, fields);
  if ('expected' in checked) throw badFilter(checked.expected, checked.found);
  return checked;
};

/** @param zone whose days they are that stand for a time */
export const checkComparison = (comparison: Comparison, fields: Fields, zone = UTC): Comparison | Misfit => {
  const { field, operator, value } = comparison;
  const type = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (type === undefined) {
    const known = closestNames(field, Object.keys(fields)).join(', ');
    return { expected: `one of the fields ${known}`, found: `the unknown field "${field}"` };
  }
  if (!OPERATORS[type].includes(operator)) {
    return { expected: `for field "${field}" (${type}) one of ${OPERATORS[type].join(' ')}`, found: `"${operator}"` };
  }
  if (operator === 'present') return { kind: 'compare', field, operator, value: null };
  if (value === null) {
    if (operator === '=' || operator === '!=') return { kind: 'compare', field, operator, value };
    return { expected: `a value for "${operator}" on field "${field}" (null goes with = and != only)`, found: 'null' };
  }
  const converted = convert(type, value, zone);
  if (converted === undefined) {
    return { expected: `${DESCRIPTION[type]} for field "${field}"`, found: JSON.stringify(value) };
  }
  // On a single value that is no text, "has" means "is", as AIP-160 has it.
  const canonical = operator === 'has' && type !== 'text' && type !== 'texts' ? '=' : operator;
  return { kind: 'compare', field, operator: canonical, value: converted };
};

const ORDERED: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>=', 'has', 'present'];

/** Lists have no order and booleans none worth asking for; only text has a beginning. */
const OPERATORS: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: [...ORDERED, 'starts-with'],
  number: ORDERED,
  boolean: ['=', '!=', 'has', 'present'],
  date: ORDERED,
  time: ORDERED,
  texts: ['=', '!=', 'has', 'starts-with', 'present'],
};

const DESCRIPTION: Readonly<Record<FieldType, string>> = {
  text: 'text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date as YYYY-MM-DD',
  time: 'a time as 2026-01-31T12:00:00Z',
  texts: 'text',
};

const convert = (type: FieldType, value: string | number | boolean, zone: TimeZone): FilterValue | undefined => {
  if (type === 'text' || type === 'texts') return wellFormed(String(value));
  if (type === 'number') return toNumber(value);
  if (type === 'boolean') return toBoolean(value);
  if (typeof value !== 'string') return undefined;
  if (type === 'date') return toDate(value);
  // A date stands for its first instant.
  return toTime(toDate(value) === undefined ? value : zone.startOf(value));
};

const NUMBER = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

export const toNumber = (value: FilterValue): number | undefined => {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : undefined;
};

export const toBoolean = (value: FilterValue): boolean | undefined =>
  value === 'true' || value === true ? true : value === 'false' || value === false ? false : undefined;
