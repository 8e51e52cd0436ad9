import { turn } from '@rapport/kernel';
import type { Condition } from './sqlite-read-model-equality.js';
import type { Queries } from './statements.js';

const FIRST_ROWS = 5_000;
const LEAST_ROWS = 500;
/** About as long as one part may hold the thread. */
const PART_MILLISECONDS = 8;

/** How many rows are looked at in one go anyway. */
export const isShort = (database: Queries, table: string): boolean => lastRow(database, table) <= FIRST_ROWS;

/**
 * The parts of a table, as conditions: whoever looks through all of it does so part by part, each in a turn of its own, so that
 * a long look holds nobody up. Parts are as large as the look at the last one was quick.
 */
export async function* partsOf(database: Queries, table: string): AsyncGenerator<Condition, void, undefined> {
  const last = lastRow(database, table);
  let [from, rows] = [0, FIRST_ROWS];
  for (; from + rows < last; await turn()) {
    const began = performance.now();
    yield { sql: 'rowid > ? AND rowid <= ?', values: [from, from + rows] };
    from += rows;
    const fitting = (rows * PART_MILLISECONDS) / Math.max(performance.now() - began, 0.1);
    rows = Math.round(Math.max(LEAST_ROWS, Math.min(fitting, rows * 4)));
  }
  // With what has come since.
  yield { sql: 'rowid > ?', values: [from] };
}

const lastRow = (database: Queries, table: string): number =>
  Number(database.prepare(`SELECT max(rowid) AS n FROM ${table}`).get()!['n']);
