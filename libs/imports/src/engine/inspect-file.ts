import type { FileFacts, ImportSettings } from '../domain/import-settings.js';
import type { CallContext } from '@rapport/kernel';
import type { ImportState } from '../domain/import-state.js';
import { lockedIn } from '../mapping/locked-fields.js';
import { suggestColumns } from '../mapping/suggest-columns.js';
import { type CsvFile, openCsv } from '../reading/csv-file.js';
import { detectFormat } from '../reading/detect-format.js';
import { encodingNamed } from '../reading/encoding.js';
import { inTurns } from '../reading/in-turns.js';
import type { ImportParts } from './import-parts.js';
import type { ImportKey } from './phase.js';
import { kindFor } from './rows-phase.js';

/** So many rows are read as soon as the file is there: what is wrong with them as a table is told at once. */
const FIRST_ROWS = 1_000;

const readBeginning = async (file: CsvFile): Promise<void> => {
  let read = 0;
  try {
    for await (const _ of file.rows) if ((read += 1) >= FIRST_ROWS) return;
  } finally {
    await file.close();
  }
};

/** Finds out how a complete file is written and what its columns are, of fields that the caller may set; what the settings say is not looked for. */
export const inspectFile = async (
  { files, kinds }: Pick<ImportParts, 'files' | 'kinds'>,
  key: ImportKey,
  { state, call }: { readonly state: ImportState; readonly call: CallContext },
  { encoding: label, separator }: ImportSettings,
): Promise<FileFacts> => {
  const encoding = label === undefined ? undefined : encodingNamed(label);
  const given = { ...(encoding === undefined ? {} : { encoding }), ...(separator === undefined ? {} : { separator }) };
  const format = await detectFormat(() => inTurns(files.read(key)), given);
  const file = await openCsv(inTurns(files.read(key)), format);
  await readBeginning(file);
  const { columns } = file;
  const kind = await kindFor(kinds, state.kind, call.principal.tenant);
  const locked = lockedIn(kind, call.principal);
  const fields = kind.fields.filter(({ name }) => !locked.has(name));
  return { ...format, bytes: state.file?.bytes ?? 0, columns, suggested: suggestColumns(columns, fields) };
};
