import { fileProblem } from './file-problem.js';

export const MAX_COLUMNS = 1_000;

/**
 * The names of the columns: trimmed headers; an empty one is `Column 3`, a repeated one gets its number: `Name (2)`. The one
 * name that objects do not hold is taken for empty.
 * @throws DomainError `too-many-columns` | `no-header`
 */
export const columnNames = (cells: readonly string[]): readonly string[] => {
  if (cells.length > MAX_COLUMNS) {
    const found = `The header line has ${cells.length.toLocaleString('en')} columns; at most ${MAX_COLUMNS.toLocaleString('en')} are read.`;
    throw fileProblem('too-many-columns', `${found} Remove the columns that are not needed, or check the separator.`);
  }
  if (cells.every((name) => name.trim() === '')) {
    throw fileProblem('no-header', 'The first line names no columns. Add a header line with the names of the columns.');
  }
  const used = new Set<string>();
  return cells.map((cell, at) => {
    const header = cell.trim();
    const name = header === '' || header === '__proto__' ? `Column ${at + 1}` : header;
    let unique = name;
    for (let n = 2; used.has(unique); n += 1) unique = `${name} (${n})`;
    used.add(unique);
    return unique;
  });
};
