import { scopeOf } from '@rapport/access';
import { forgotten, type SealedFileStore } from '@rapport/files';
import type { Scope } from '@rapport/read-models';
import type { ImportState } from '../domain/import-state.js';
import { checkRunnable, type EffectiveSettings, effectiveSettings } from '../mapping/effective-settings.js';
import { type CsvFile, openCsv } from '../reading/csv-file.js';
import { fileProblem } from '../reading/file-problem.js';
import { inTurns } from '../reading/in-turns.js';
import type { Place } from '../reading/places.js';
import { type CsvRow, type FileRow, readCsv } from '../reading/read-csv.js';
import { ColumnProfile, isProfiled } from '../values/column-profile.js';
import { type ImportField, type Importer, matchValueOf } from '../values/import-field.js';
import type { ImportKey } from './phase.js';
import { aggregateOf, type ImportKind } from './import-kind.js';
import type { ImportParts } from './import-parts.js';
import { mappedColumns, type MappedColumn } from './mapped-columns.js';
import { cellTexts, RowParser } from './parse-row.js';
import { creationOf, References } from './references.js';
import { RowPlanner } from './row-planner.js';

/** The rows of an import's file and all that is needed to plan them. */
export interface RowSource {
  readonly planner: RowPlanner;
  readonly columns: readonly MappedColumn[];
  rowsAfter(row: number): AsyncIterable<CsvRow>;
  close(): Promise<void>;
}

export const openFile = async (
  files: SealedFileStore,
  key: ImportKey,
  state: ImportState,
  signal?: AbortSignal,
): Promise<CsvFile> => openCsv(inTurns(files.read(key), signal), await keptFile(files, key, state));

/** The rows behind one of them. */
export const rowsBehindPlace = async (
  files: SealedFileStore,
  key: ImportKey,
  { state, place, signal }: { readonly state: ImportState; readonly place: Place; readonly signal?: AbortSignal },
): Promise<AsyncGenerator<FileRow, void, undefined>> =>
  readCsv(inTurns(files.read(key, place.byte), signal), await keptFile(files, key, state), place);

/** @throws DomainError `file-forgotten` | `file-removed` */
const keptFile = async (files: SealedFileStore, key: ImportKey, { file, forgotten: isForgotten }: ImportState) => {
  if (isForgotten) throw forgotten();
  if (!file || (await files.size(key)) === 0)
    throw fileProblem('file-removed', 'The file is no longer kept. Create a new import and upload it again.');
  return file;
};

export const openRows = async (
  { files, secret, habits }: Pick<ImportParts, 'files' | 'secret' | 'habits'>,
  kind: ImportKind,
  key: ImportKey,
  { state, signal }: { readonly state: ImportState; readonly signal: AbortSignal },
): Promise<RowSource> => {
  const importer = importerOf(key, state);
  const sees = (aggregate: string): Scope => scopeOf(importer, aggregate);
  const about = { scope: sees(aggregateOf(kind)), scopeOf: sees, importId: key.id };
  const defaults = await kind.defaults?.({ ...about, settings: state.settings });
  const { zone, ...usual } = habits?.(key.tenant) ?? {};
  const settings = effectiveSettings(kind, { ...usual, ...defaults, ...state.settings }, state.file);
  checkRunnable(kind, settings);
  const context = { ...about, settings };
  const columns = mappedColumns(kind.fields, settings, state.file?.columns ?? []);
  const { profile, own } = await profileFile(await openFile(files, key, state), columns, settings);
  const ownId = (field: string, name: string): string | undefined => {
    const known = kind.fields.find((candidate) => candidate.name === field)!;
    const match = matchValueOf(known, name);
    return settings.matchBy === field && own.has(match) ? planner.ownId(match) : undefined;
  };
  const making = state.status === 'running' ? { importId: key.id, by: state.by, signal } : undefined;
  const further = { ownId, create: creationOf(importer, settings, making) };
  const references = new References(columns, sees, settings, further);
  const parser = new RowParser(kind, columns, state.file?.columns.length ?? 0, { ...settings, zone }, profile);
  const { keylessApart } = state;
  const parts = {
    kind,
    context,
    settings,
    columns,
    parser,
    references,
    secret: await secret(key.tenant),
    keylessApart,
  };
  const planner: RowPlanner = new RowPlanner(parts, await kind.prepare?.(context));
  const file = await openFile(files, key, state);
  return { planner, columns, rowsAfter: (row) => rowsAfter(file.rows, row), close: () => file.close() };
};

/** In whose name the phase is that is on. */
export const importerOf = ({ tenant }: ImportKey, { policy }: ImportState): Importer => ({
  tenant,
  ...(policy && { policy }),
});

async function* rowsAfter(rows: AsyncIterable<CsvRow>, row: number): AsyncGenerator<CsvRow, void, undefined> {
  for await (const each of rows) if (each.row > row) yield each;
}

interface FileProfile {
  readonly profile: ColumnProfile;
  /** Match values of the file's rows, where its rows refer to each other. */
  readonly own: ReadonlySet<string>;
}

/** Reads the file once more where its dates and numbers, or references within it, have to be known before the first row. */
const profileFile = async (
  file: CsvFile,
  columns: readonly MappedColumn[],
  settings: EffectiveSettings,
): Promise<FileProfile> => {
  const profile = new ColumnProfile();
  const own = new Set<string>();
  const profiled = columns.filter(({ field }) => isProfiled(field));
  const key = columns.find(({ field }) => field.name === settings.matchBy && refersToItself(columns, field));
  const text = cellTexts(settings);
  try {
    if (profiled.length === 0 && !key) return { profile, own };
    for await (const { cells } of file.rows) {
      for (const { at, field } of profiled) profile.see(field, text(field, cells[at] ?? ''));
      if (key) own.add(matchValueOf(key.field, text(key.field, cells[key.at] ?? '')));
    }
    return { profile, own };
  } finally {
    await file.close();
  }
};

const refersToItself = (columns: readonly MappedColumn[], { name }: ImportField): boolean =>
  columns.some(({ field }) => field.type === 'reference' && field.ownKind?.calledBy === name);
