import { everythingOf } from '@rapport/access';
import type { importsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { RowRecord } from '../domain/import-rows.events.js';
import { named } from '../engine/column-numbers.js';
import type { ImportDocument } from '../engine/import-documents.js';
import type { ImportParts } from '../engine/import-parts.js';
import { openFile, rowsBehindPlace } from '../engine/open-rows.js';
import type { Place } from '../reading/places.js';
import type { FileRow } from '../reading/read-csv.js';
import { csvLine } from '../reading/write-csv.js';
import { badCursor, rowsBehind } from './row-pages.js';

/** The column that says what is wrong; no field is ever suggested for it. */
const PROBLEM_COLUMN = 'rapport_problem';
const PART_CHARACTERS = 1_000_000;

/**
 * The failed rows as they stood in the file, and behind them what is wrong: UTF-8 with the file's own separator. Cells are
 * given back untouched, because the file is meant to be mended and imported again; a spreadsheet that is opened with it
 * takes cells that begin with "=" for formulas, as it did with the original.
 *
 * @param call stops the reading where its client has gone
 */
export const errorsPart = async (
  parts: ImportParts,
  document: ImportDocument,
  page: string | undefined,
  call: CallContext,
): Promise<importsV1.FilePart> => {
  const { id, tenant, state } = document;
  const place = placeOf(page);
  const failed = rowsBehind(
    parts.rows.documents,
    everythingOf(call.principal.tenant),
    document,
    place?.row ?? 0,
    'failed',
  );
  const first = await failed.next();
  const separator = state.file?.separator ?? ',';
  const part = { contentType: 'text/csv; charset=utf-8', fileName: `errors-${id}.csv`, nextPage: '' };
  if (first.done) return { ...part, data: Buffer.from(place ? '' : headerLine(state.file?.columns ?? [], separator)) };
  const key = { tenant, id };
  const opened = place ? undefined : await openFile(parts.files, key, state, call.signal);
  const rows = opened?.rows ?? (await rowsBehindPlace(parts.files, key, { state, place: place!, signal: call.signal }));
  const form = { separator, columns: state.file!.columns };
  try {
    const { text, next } = await failedLines(rows, first.value, failed, form);
    return { ...part, data: Buffer.from((opened ? headerLine(opened.header, separator) : '') + text), nextPage: next };
  } finally {
    await opened?.close();
    await failed.return();
  }
};

const headerLine = (header: readonly string[], separator: string): string =>
  csvLine([...header, PROBLEM_COLUMN], separator);

interface Form {
  readonly separator: string;
  readonly columns: readonly string[];
}

const failedLines = async (
  rows: AsyncIterable<FileRow>,
  first: RowRecord,
  failed: AsyncGenerator<RowRecord, void, undefined>,
  { separator, columns }: Form,
): Promise<{ text: string; next: string }> => {
  let text = '';
  let wanted: RowRecord | undefined = first;
  for await (const { row, cells, place } of rows) {
    if (row < wanted.row) continue;
    const padded = [...cells, ...Array<string>(Math.max(0, columns.length - cells.length)).fill('')];
    text += csvLine([...padded, problemText(wanted, columns)], separator);
    const next = await failed.next();
    if (next.done) return { text, next: '' };
    if (text.length >= PART_CHARACTERS) return { text, next: pageBehind(place()) };
    wanted = next.value;
  }
  return { text, next: '' };
};

/** Names the row behind which the next part begins, and where in the file that is, so that nothing is read twice. */
const pageBehind = ({ row, line, byte, skip }: Place): string => [row, line, byte, skip].join('-');

const placeOf = (page: string | undefined): Place | undefined => {
  if (!page) return undefined;
  const parts = /^(\d{1,12})-(\d{1,12})-(\d{1,12})-(\d{1,12})$/.exec(page);
  if (!parts) throw badCursor();
  const [row, line, byte, skip] = parts.slice(1).map(Number) as [number, number, number, number];
  return { row, line, byte, skip };
};

const problemText = ({ problems = [] }: RowRecord, columns: readonly string[]): string =>
  problems
    .map((problem) => named(problem, columns))
    .map(({ column, message }) => (column === undefined ? message : `${column}: ${message}`))
    .join(' | ');
