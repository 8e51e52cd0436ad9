import { searchKey, type Comparison, type Filter, type FilterValue } from '@rapport/read-models';
import type { ReadModelColumns } from './sqlite-read-model-columns.js';
import type { FieldColumns } from './sqlite-read-model-field-columns.js';

/** A condition with its parameters in the order of its question marks. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

type Value = NonNullable<FilterValue>;
export type Equality = Comparison & { readonly value: Value };

/** Whether one value alone satisfies the term. On a list `=` means that an element is that. */
export const isEquality = (term: Filter, columns: ReadModelColumns): term is Equality =>
  term.kind === 'compare' && term.operator === '=' && term.value !== null && columns.of(term.field).type !== 'texts';

/** Indexes are over keys; equal texts have equal keys. */
export const equalsOneOf = (column: FieldColumns, values: readonly Value[]): Condition => {
  const exact = isOneOf(column.value, values.map(bound));
  if (column.type !== 'text') return exact;
  const keys = values.map((value) => keyOfValue(column, value));
  const keyed = isOneOf(column.key, keys);
  // Ids are their own keys: that they are not written otherwise is told by one comparison instead of another list.
  if (values.length > 1 && keys.every((key, n) => key === values[n]))
    return { sql: `(${keyed.sql} AND ${column.value} = ${column.key})`, values: keyed.values };
  return { sql: `(${keyed.sql} AND ${exact.sql})`, values: keyed.values.concat(exact.values) };
};

/** What a field's key column holds where its value is this one. */
export const keyOfValue = ({ type }: FieldColumns, value: Value): string | number =>
  type === 'text' ? searchKey(String(value)) : bound(value);

export const isOneOf = (column: string, values: Condition['values']): Condition => ({
  sql: values.length === 1 ? `${column} = ?` : `${column} IN (${'?, '.repeat(values.length - 1)}?)`,
  values,
});

const bound = (value: Value): string | number => (typeof value === 'boolean' ? Number(value) : value);
