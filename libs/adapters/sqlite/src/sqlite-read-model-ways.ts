import { searchKey, type Comparison, type Filter } from '@rapport/read-models';
import { indexName, keyIndexName, type ReadModelColumns } from './sqlite-read-model-columns.js';
import { isEquality, isOneOf, keyOfValue, type Condition, type Equality } from './sqlite-read-model-equality.js';
import { entryField, entryValue } from './sqlite-read-model-open.js';
import { between, endOfPrefix } from './sqlite-read-model-prefix.js';

/** Values of an index's first column after the tenant, or all that begin with a text. */
export interface Lookup {
  readonly index: string;
  readonly column: string;
  readonly values: readonly (string | number)[];
  /** First and behind the last, instead of values. */
  readonly stretch?: readonly [string, string];
  /** On one side of a value, instead of values. */
  readonly side?: Condition;
  /** Set where the entries of this open field are what is looked through. */
  readonly entries?: string;
}

/** Index entries among which every match of a filter is. */
export type Way = readonly [Lookup, ...Lookup[]];

/** With more values than this a scan is no worse, and the number of a statement's parameters stays far from its bound. */
const MOST_VALUES = 2_000;

/** Each is a part of a statement by itself, of which SQLite takes 500 at most. */
const MOST_STRETCHES = 100;

/** What the entries of a lookup satisfy. */
export const lookedUp = ({ column, values, stretch, side }: Lookup): Condition =>
  side ?? (stretch ? between(column, ...stretch) : isOneOf(column, values));

/** The ways to a filter's matches by equality with indexed fields, or by how they begin; a disjunction takes a way to each of its terms. */
export const waysTo = (filter: Filter, columns: ReadModelColumns, table: string): readonly Way[] => {
  if (filter.kind === 'and') return filter.terms.flatMap((term) => waysTo(term, columns, table));
  if (filter.kind === 'or') return waysToAny(filter.terms, columns, table);
  if (filter.kind === 'compare' && columns.of(filter.field).open) return waysToOpen(filter, columns);
  const lookup = isEquality(filter, columns) ? lookupOf(filter, columns, table) : stretchOf(filter, columns, table);
  return lookup ? [[lookup]] : [];
};

/** Of so many ways to a term one is chosen. */
const MOST_WAYS = 4;

/** One way to each term; several where a term has several. */
const waysToAny = (terms: readonly Filter[], columns: ReadModelColumns, table: string): readonly Way[] => {
  const options = terms.map((term) => waysTo(term, columns, table));
  const most = Math.min(MOST_WAYS, Math.max(...options.map((ways) => ways.length)));
  return Array.from({ length: most }, (_, n) =>
    joined(options.map((ways) => ways[Math.min(n, ways.length - 1)])),
  ).flat();
};

const joined = (ways: readonly (Way | undefined)[]): readonly Way[] => {
  const merged = new Map<string, Lookup & { readonly values: (string | number)[] }>();
  const stretches: Lookup[] = [];
  let count = 0;
  for (const way of ways) {
    if (!way) return [];
    for (const lookup of way) {
      const { values, stretch, side, ...where } = lookup;
      if (side || stretches.length >= MOST_STRETCHES || (count += values.length) > MOST_VALUES) return [];
      const known = merged.get(where.index);
      if (stretch) stretches.push(lookup);
      else if (known) known.values.push(...values);
      else merged.set(where.index, { ...where, values: [...values] });
    }
  }
  const [first, ...rest] = [...merged.values(), ...stretches];
  return first ? [[first, ...rest]] : [];
};

/** Equality, one side of a value, how a text begins: each along the entries of the field. */
const waysToOpen = (comparison: Comparison, columns: ReadModelColumns): readonly Way[] => {
  const { operator, value } = comparison;
  const own = columns.of(comparison.field);
  const entries = entryField(own);
  const lookup = { index: entries, entries, column: ENTRY, values: [] };
  if (value === null || own.type === 'boolean' || (operator === '=' && value === '')) return [];
  if (operator === '=' || (operator === 'has' && own.type === 'texts')) {
    const keyed = own.type.startsWith('text') ? searchKey(String(value)) : (value as string | number);
    return [[{ ...lookup, values: [entryValue(keyed)] }]];
  }
  if (operator === 'starts-with') {
    const start = String(entryValue(searchKey(String(value))));
    const end = endOfPrefix(start);
    return start === '' || end === undefined ? [] : [[{ ...lookup, stretch: [start, end] }]];
  }
  // The order of texts is that of the values, not of their keys.
  if (operator === 'has' || operator === '!=' || own.type.startsWith('text')) return [];
  return [[{ ...lookup, side: { sql: `${ENTRY} ${operator} ?`, values: [value as string | number] } }]];
};

const ENTRY = 'e.value';

const stretchOf = (filter: Filter, columns: ReadModelColumns, table: string): Lookup | undefined => {
  if (filter.kind !== 'compare' || filter.operator !== 'starts-with') return undefined;
  const column = columns.of(filter.field);
  const leading = columns.indexes.find(({ fields: [first] }) => first === filter.field);
  if (!leading || column.type !== 'text') return undefined;
  const start = searchKey(String(filter.value));
  const end = endOfPrefix(start);
  if (start === '' || end === undefined) return undefined;
  return { index: indexName(table, leading), column: column.key, values: [], stretch: [start, end] };
};

const lookupOf = ({ field, value }: Equality, columns: ReadModelColumns, table: string): Lookup | undefined => {
  if (field === 'id') return { index: keyIndexName(table), column: 'id', values: [String(value)] };
  const column = columns.of(field);
  const leading = columns.indexes.find(({ fields: [first] }) => first === field);
  // A boolean narrows too little.
  if (!leading || column.type === 'boolean') return undefined;
  return { index: indexName(table, leading), column: column.key, values: [keyOfValue(column, value)] };
};
