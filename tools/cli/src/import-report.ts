import { type Count, countOf, type ImportView, type RowView } from './import-api.js';

const number = (value: number): string => value.toLocaleString('en');

/** How the file was understood: one line per column. */
export const columnLines = (view: ImportView): readonly string[] => {
  const { columns = [], settings = {} } = view;
  const width = Math.min(40, Math.max(...columns.map(({ name }) => name.length)));
  const separator = settings.separator === '\t' ? 'tab' : `"${settings.separator ?? ','}"`;
  return [
    `${settings.encoding ?? ''}, separated by ${separator}${settings.matchBy ? `, records recognised by ${settings.matchBy}` : ''}`,
    ...columns.map(({ name, field }) => `  ${name.padEnd(width)}  →  ${field ?? '(left out)'}`),
  ];
};

/** What to look at before the run. */
export const warningLines = ({ warnings = [] }: ImportView): readonly string[] =>
  warnings.map(({ message }) => `Note: ${message}`);

const OUTCOMES: readonly (readonly [Count, string])[] = [
  ['created', 'created'],
  ['updated', 'updated'],
  ['unchanged', 'unchanged'],
  ['skipped', 'skipped'],
  ['failed', 'failed'],
  ['restored', 'records restored'],
  ['kept', 'kept because they were changed later'],
  ['warned', 'to be looked at'],
];

export const outcomeLine = (view: ImportView): string => {
  const parts = OUTCOMES.filter(([name]) => countOf(view, name) > 0).map(
    ([name, text]) => `${number(countOf(view, name))} ${text}`,
  );
  return `${number(countOf(view, 'rows'))} rows${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
};

/** What is wrong with rows, or is to be looked at; `all` counts those that are not shown, too. */
export const problemLines = (rows: readonly RowView[], all: number): readonly string[] => {
  const lines = rows.flatMap(({ row, problems = [], warnings = [] }) =>
    [...problems, ...warnings].map(
      ({ pointer, message }) => `  row ${number(Number(row))}${pointer ? `, ${pointer.slice(1)}` : ''}: ${message}`,
    ),
  );
  return all > rows.length ? [...lines, `  … and ${number(all - rows.length)} more rows`] : lines;
};

export const progressLine = (view: ImportView): string => {
  const rows = countOf(view, 'rows');
  const processed = countOf(view, 'processed');
  const of = rows > processed ? ` of ${number(rows)}` : '';
  return `${view.state} … ${number(processed)}${of} rows`;
};

export const listLine = (view: ImportView): string =>
  `${view.id}  ${view.createdAt}  ${view.state.padEnd(10)}  ${view.fileName}  ${outcomeLine(view)}`;
