import type { Filter } from '@rapport/read-models';
import { indexName, keyIndexName, type ReadModelColumns } from './sqlite-read-model-columns.js';
import { isEquality, keyOfValue, type Equality } from './sqlite-read-model-equality.js';

/** Values of an index's first column after the tenant. */
export interface Lookup {
  readonly index: string;
  readonly column: string;
  readonly values: readonly (string | number)[];
}

/** Index entries among which every match of a filter is. */
export type Way = readonly [Lookup, ...Lookup[]];

/** With more values than this a scan is no worse, and the number of a statement's parameters stays far from its bound. */
const MOST_VALUES = 2_000;

/** The ways to a filter's matches by equality with indexed fields; a disjunction takes a way to each of its terms. */
export const waysTo = (filter: Filter, columns: ReadModelColumns, table: string): readonly Way[] => {
  if (filter.kind === 'and') return filter.terms.flatMap((term) => waysTo(term, columns, table));
  if (filter.kind === 'or') return waysToAny(filter.terms, columns, table);
  const lookup = isEquality(filter, columns) ? lookupOf(filter, columns, table) : undefined;
  return lookup ? [[lookup]] : [];
};

const waysToAny = (terms: readonly Filter[], columns: ReadModelColumns, table: string): readonly Way[] => {
  const merged = new Map<string, Lookup & { readonly values: (string | number)[] }>();
  let count = 0;
  for (const term of terms) {
    const [way] = waysTo(term, columns, table);
    if (!way) return [];
    for (const { index, column, values } of way) {
      if ((count += values.length) > MOST_VALUES) return [];
      const known = merged.get(index);
      if (known) known.values.push(...values);
      else merged.set(index, { index, column, values: [...values] });
    }
  }
  const [first, ...rest] = merged.values();
  return first ? [[first, ...rest]] : [];
};

const lookupOf = ({ field, value }: Equality, columns: ReadModelColumns, table: string): Lookup | undefined => {
  if (field === 'id') return { index: keyIndexName(table), column: 'id', values: [String(value)] };
  const column = columns.of(field);
  const leading = columns.declaration.indexes.findIndex(([first]) => first === field);
  // A boolean narrows too little.
  if (leading < 0 || column.type === 'boolean') return undefined;
  return { index: indexName(table, leading), column: column.key, values: [keyOfValue(column, value)] };
};
