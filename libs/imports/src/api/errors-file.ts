import { scopeOf } from '@rapport/access';
import type { importsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { RowRecord } from '../domain/import-rows.events.js';
import { named } from '../engine/column-numbers.js';
import type { ImportDocument } from '../engine/import-documents.js';
import { IMPORT } from '../engine/import-engine.js';
import type { ImportParts } from '../engine/import-parts.js';
import { openFile } from '../engine/open-rows.js';
import type { CsvFile } from '../reading/csv-file.js';
import { csvLine } from '../reading/write-csv.js';
import { cursorOf, rowOf, rowsBehind } from './row-pages.js';

/** The column that says what is wrong; no field is ever suggested for it. */
const PROBLEM_COLUMN = 'rapport_problem';
const PART_CHARACTERS = 4_000_000;

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
  const behind = rowOf(page);
  const failed = rowsBehind(parts.rows.documents, scopeOf(call.principal, IMPORT), document, behind, 'failed');
  const first = await failed.next();
  const separator = state.file?.separator ?? ',';
  const part = { contentType: 'text/csv; charset=utf-8', fileName: `errors-${id}.csv`, nextPage: '' };
  if (first.done)
    return { ...part, data: Buffer.from(behind === 0 ? headerLine(state.file?.columns ?? [], separator) : '') };
  const file = await openFile(parts.files, { tenant, id }, state, call.signal);
  try {
    const { text, next } = await failedLines(file, first.value, failed, separator);
    return {
      ...part,
      data: Buffer.from((behind === 0 ? headerLine(file.header, separator) : '') + text),
      nextPage: next,
    };
  } finally {
    await file.close();
    await failed.return();
  }
};

const headerLine = (header: readonly string[], separator: string): string =>
  csvLine([...header, PROBLEM_COLUMN], separator);

const failedLines = async (
  file: CsvFile,
  first: RowRecord,
  failed: AsyncGenerator<RowRecord, void, undefined>,
  separator: string,
): Promise<{ text: string; next: string }> => {
  let text = '';
  let wanted: RowRecord | undefined = first;
  for await (const { row, cells } of file.rows) {
    if (row < wanted.row) continue;
    const padded =
      cells.length < file.header.length
        ? [...cells, ...Array<string>(file.header.length - cells.length).fill('')]
        : cells;
    text += csvLine([...padded, problemText(wanted, file.columns)], separator);
    const next = await failed.next();
    if (next.done) return { text, next: '' };
    if (text.length >= PART_CHARACTERS) return { text, next: cursorOf(wanted.row) };
    wanted = next.value;
  }
  return { text, next: '' };
};

const problemText = ({ problems = [] }: RowRecord, columns: readonly string[]): string =>
  problems
    .map((problem) => named(problem, columns))
    .map(({ column, message }) => (column === undefined ? message : `${column}: ${message}`))
    .join(' | ');
