import type { Row, Table } from '../row.js';

const COLUMNS = ['what', 'figure', 'limit', 'ratio', 'aim', 'met'] as const;

const cellsOf = ({ what, figure, limit, ratio, aim, met }: Row): readonly string[] => [
  what,
  figure,
  limit,
  ratio === undefined ? '' : ratio.toFixed(2),
  aim,
  met === undefined ? '' : met ? 'yes' : '**no**',
];

const line = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const markdownTable = ([columns = [], ...rows]: Table): readonly string[] => [
  line(columns),
  line(columns.map(() => '---')),
  ...rows.map(line),
];

/** The rows as a table, and below it how each was measured. */
export const markdownOf = (rows: readonly Row[]): string =>
  [
    ...markdownTable([COLUMNS, ...rows.map(cellsOf)]),
    ...rows.flatMap(({ what, notes, table }) => [
      '',
      `**${what}**`,
      ...(table ? ['', ...markdownTable(table)] : []),
      '',
      ...notes.map((note) => `- ${note}`),
    ]),
    '',
  ].join('\n');

/** One row for the terminal. */
export const linesOf = (row: Row): string => {
  const [what, figure, limit, ratio, aim, met] = cellsOf(row);
  const against = [limit && `limit ${limit}`, ratio && `ratio ${ratio}`, aim && `aim ${aim}`, met && `met ${met}`];
  return [
    `${what}: ${figure}`,
    `  ${against.filter(Boolean).join(' · ')}`,
    ...aligned(row.table ?? []).map((text) => `    ${text}`),
    ...row.notes.map((note) => `  - ${note}`),
  ]
    .join('\n')
    .replaceAll('**', '');
};

/** The first column to the left, the others to the right. */
const aligned = (table: Table): readonly string[] => {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
};
