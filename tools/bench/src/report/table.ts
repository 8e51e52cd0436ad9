import type { Row } from '../row.js';

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

/** The rows as a table, and below it how each was measured. */
export const markdownOf = (rows: readonly Row[]): string =>
  [
    line(COLUMNS),
    line(COLUMNS.map(() => '---')),
    ...rows.map((row) => line(cellsOf(row))),
    ...rows.flatMap(({ what, notes }) => ['', `**${what}**`, '', ...notes.map((note) => `- ${note}`)]),
    '',
  ].join('\n');

/** One row for the terminal. */
export const linesOf = (row: Row): string => {
  const [what, figure, limit, ratio, aim, met] = cellsOf(row);
  const against = [limit && `limit ${limit}`, ratio && `ratio ${ratio}`, aim && `aim ${aim}`, met && `met ${met}`];
  return [`${what}: ${figure}`, `  ${against.filter(Boolean).join(' · ')}`, ...row.notes.map((note) => `  - ${note}`)]
    .join('\n')
    .replaceAll('**', '');
};
