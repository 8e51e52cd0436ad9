export type Row = readonly (string | number)[];

/** Columns as wide as their widest cell; numbers to the right. */
export const table = (head: readonly string[], rows: readonly Row[]): string => {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => String(row[at]).length)));
  const line = (cells: Row): string =>
    cells
      .map((cell, at) => (isNumber(rows, at) ? String(cell).padStart(widths[at]!) : String(cell).padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
};

const isNumber = (rows: readonly Row[], at: number): boolean => typeof rows[0]?.[at] === 'number';
