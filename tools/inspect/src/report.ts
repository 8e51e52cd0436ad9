/** What a command found: rows of named cells. */
export interface Report {
  readonly rows: readonly Readonly<Record<string, Cell>>[];
  /** Said instead of a table without rows. */
  readonly none: string;
  /** Something is wrong: the process ends with 1. */
  readonly failed?: boolean;
}

export type Cell = string | number | boolean | null | undefined | object;

/** Columns aligned, numbers to the right, objects as JSON. */
export const asText = ({ rows, none }: Report): string => {
  if (rows.length === 0) return `${none}\n`;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const table = [columns, ...rows.map((row) => columns.map((column) => textOf(row[column])))];
  const widths = columns.map((_, at) => Math.max(...table.map((line) => line[at]!.length)));
  const right = columns.map((column) => rows.every((row) => typeof (row[column] ?? 0) === 'number'));
  const lines = table.map((line) =>
    line.map((cell, at) => (right[at] ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join('  '),
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
};

export const asJson = ({ rows }: Report): string => `${JSON.stringify(rows, null, 2)}\n`;

const textOf = (cell: Cell): string => {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
};

/** `3 s`, `5 min`, `2 h`, `9 days`; empty without a moment. */
export const ageOf = (milliseconds: number | null | undefined, now: number): string => {
  if (milliseconds === null || milliseconds === undefined) return '';
  const seconds = Math.max(0, Math.round((now - milliseconds) / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
};
