import type { CheckedQuery, CursorPlace, SortValue } from '@rapport/read-models';
import type { ReadModelColumns } from './sqlite-read-model-columns.js';
import type { Condition } from './sqlite-read-model-equality.js';

/** One stretch of a query's order that an index can be walked along. */
export interface Stretch {
  readonly condition: Condition;
  readonly order: string;
}

/**
 * A query's order in stretches: documents that have the first sort key, then those that miss it (SQLite would put them
 * first when ascending). What lies before the cursor is left out. Within a stretch `ORDER BY` follows a declared index.
 */
export const stretchesOf = (query: CheckedQuery, columns: ReadModelColumns): readonly Stretch[] => {
  const { sort, after } = query;
  const keys = sort.map(({ field, descending }) => ({ column: columns.of(field).key, descending }));
  const id = { column: 'id', descending: query.idDescending };
  const [first, ...rest] = keys;
  if (!first) return [{ condition: after ? afterPlace([], [], id, after.id) : NOTHING, order: orderBy([id]) }];
  const order = orderBy([...rest, id]);
  const missing = `${first.column} IS NULL`;
  const inMissing = after && after.values[0] === null;
  const missed: Stretch = {
    condition: inMissing ? prefixed(missing, afterPlace(rest, after.values.slice(1), id, after.id)) : only(missing),
    order,
  };
  if (inMissing) return [missed];
  const condition = after ? afterPresent(first, rest, id, after) : only(`${first.column} IS NOT NULL`);
  return [{ condition, order: `${first.column}${first.descending ? ' DESC' : ''}, ${order}` }, missed];
};

/** The whole order in one piece, for matches that are collected and then sorted. */
export const wholeOrder = (query: CheckedQuery, columns: ReadModelColumns): Stretch => {
  const keys = query.sort.map(({ field, descending }) => ({ column: columns.of(field).key, descending }));
  const id = { column: 'id', descending: query.idDescending };
  const { after } = query;
  return { condition: after ? afterPlace(keys, after.values, id, after.id) : NOTHING, order: orderBy([...keys, id]) };
};

interface Key {
  readonly column: string;
  readonly descending: boolean;
}

const NOTHING: Condition = { sql: 'TRUE', values: [] };
const only = (sql: string): Condition => ({ sql, values: [] });
const prefixed = (sql: string, { sql: other, values }: Condition): Condition => ({
  sql: `${sql} AND ${other}`,
  values,
});

/** Descending, SQLite's NULLs are last by themselves. */
const orderBy = (keys: readonly Key[]): string =>
  keys
    .map(({ column, descending }) => {
      if (descending) return `${column} DESC`;
      return column === 'id' ? column : `${column} IS NULL, ${column}`;
    })
    .join(', ');

const beyond = ({ descending }: Key): string => (descending ? '<' : '>');

/** After a place whose first key is present. With one key a row value lets the index start exactly there. */
const afterPresent = (first: Key, rest: readonly Key[], id: Key, { values, id: last }: CursorPlace): Condition => {
  const value = values[0] as string | number;
  if (rest.length === 0) return { sql: `(${first.column}, id) ${beyond(first)} (?, ?)`, values: [value, last] };
  const tail = afterPlace(rest, values.slice(1), id, last);
  const { column } = first;
  return {
    sql: `${column} ${beyond(first)}= ? AND (${column} ${beyond(first)} ? OR ${tail.sql})`,
    values: [value, value, ...tail.values],
  };
};

const afterPlace = (keys: readonly Key[], values: readonly SortValue[], id: Key, last: string): Condition => {
  const [key, ...rest] = keys;
  if (!key) return { sql: `id ${beyond(id)} ?`, values: [last] };
  const tail = afterPlace(rest, values.slice(1), id, last);
  const value = values[0]!;
  if (value === null) return { sql: `(${key.column} IS NULL AND ${tail.sql})`, values: tail.values };
  return {
    sql: `(${key.column} ${beyond(key)} ? OR ${key.column} IS NULL OR (${key.column} = ? AND ${tail.sql}))`,
    values: [value, value, ...tail.values],
  };
};
