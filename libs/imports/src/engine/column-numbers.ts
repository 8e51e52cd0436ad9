import type { RowProblem } from '../domain/import-rows.events.js';
import type { MappedColumn } from './mapped-columns.js';

/** Where a stored message has a column's name. */
const NAME = '{column}';

/**
 * A problem as it is stored: with the column's number in the place of its name. In a file without a header names of columns are
 * the cells of its first row, and so may be those of a person, while events of rows lie in clear.
 */
export const numbered = (problem: RowProblem, columns: readonly MappedColumn[]): RowProblem => {
  const found = columns.find(({ column }) => column === problem.column);
  if (!found) return problem;
  const { column: name, message, ...rest } = problem;
  const said = message.startsWith(name!) ? `${NAME}${message.slice(name!.length)}` : message;
  return { ...rest, message: said, columnNumber: found.at + 1 };
};

/** The same as it is shown, while the file's columns are known. */
export const named = ({ columnNumber, ...problem }: RowProblem, columns: readonly string[]): RowProblem => {
  if (columnNumber === undefined) return problem;
  const column = columns[columnNumber - 1] ?? `Column ${columnNumber}`;
  const { message } = problem;
  return { ...problem, column, message: message.startsWith(NAME) ? `${column}${message.slice(NAME.length)}` : message };
};
