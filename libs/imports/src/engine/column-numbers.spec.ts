import { expect, it } from '@jest/globals';
import { named, numbered } from './column-numbers.js';
import type { MappedColumn } from './mapped-columns.js';

const columns = ['Ada', 'Lovelace'].map(
  (column, at) => ({ column, at, field: { name: column } }) as unknown as MappedColumn,
);
const missing = { column: 'Lovelace', code: 'required', message: 'Lovelace is empty. Fill it in.' };

it('keeps no name of a column, and tells it while the file is known', () => {
  const stored = numbered(missing, columns);
  expect(stored).toEqual({ columnNumber: 2, code: 'required', message: '{column} is empty. Fill it in.' });
  expect(named(stored, ['Ada', 'Lovelace'])).toEqual(missing);
  expect(named(stored, [])).toEqual({ ...missing, column: 'Column 2', message: 'Column 2 is empty. Fill it in.' });
});

it.each([
  { column: 'lastName', code: 'required', message: 'lastName is empty. Fill it in.' },
  { code: 'ragged-row', message: 'Line 3 has 2 cells, the header has 3.' },
])('leaves alone what names no column of the file: %o', (problem) => {
  expect(numbered(problem, columns)).toEqual(problem);
  expect(named(problem, ['Ada'])).toEqual(problem);
});
