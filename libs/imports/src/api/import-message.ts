import type { importsV1 } from '@rapport/contracts';
import type { ImportSettings } from '../domain/import-settings.js';
import type { RowProblem, RowRecord } from '../domain/import-rows.events.js';
import { named } from '../engine/column-numbers.js';
import type { ImportDocument } from '../engine/import-documents.js';
import type { ImportKind } from '../engine/import-kind.js';
import { effectiveSettings, fieldOf } from '../mapping/effective-settings.js';
import { warningsOf } from '../mapping/warnings.js';

/** The contract's message. Its settings are the effective ones: what was found in the file stands beside what was given. */
export const importMessage = (document: ImportDocument, kind: ImportKind, bytes: number): importsV1.Import => {
  const { state, id, createdAt, updatedAt, actor } = document;
  const settings = effectiveSettings(kind, state.settings, state.file);
  return {
    id,
    kind: state.kind,
    fileName: state.fileName,
    state: state.status,
    settings: settingsMessage(settings),
    columns: (state.file?.columns ?? []).map((name) => ({
      name,
      suggestedField: fieldOf(state.file?.suggested ?? {}, name),
      field: fieldOf(settings.columns, name),
    })),
    counts: { ...state.counts, warned: state.counts.warned ?? 0 },
    problem: state.problem && {
      type: 'about:blank',
      title: 'The import failed',
      status: 0,
      detail: state.problem.message,
      code: state.problem.code,
      errors: [],
    },
    createdAt,
    updatedAt,
    actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
    bytes,
    warnings: warningsOf(state.file, settings).map((warning) => ({ ...warning })),
  };
};

const settingsMessage = (settings: ImportSettings): importsV1.ImportSettings => ({
  ...settings,
  columns: { ...settings.columns },
  values: (settings.values ?? []).map((value) => ({ ...value })),
  required: [...(settings.required ?? [])],
  createMissing: [...(settings.createMissing ?? [])],
  scales: { ...settings.scales },
});

/** What a request gives; empty lists and maps, and `auto`, mean that nothing is given. */
export const settingsOf = (message: importsV1.ImportSettings | undefined): ImportSettings => {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message ?? {}) as [string, unknown][])
    if (isGiven(value)) given[name] = value;
  return given;
};

const isGiven = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '' || value === 'auto') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
};

/** A row's problems point at the column by its name. */
export const rowMessage = (
  { row, outcome, recordId, problems = [], warnings = [], creates = [] }: RowRecord,
  columns: readonly string[],
): importsV1.ImportRow => {
  const shown = (problem: RowProblem) => {
    const { column, code, message } = named(problem, columns);
    return { pointer: column === undefined ? '' : `/${escaped(column)}`, code, message };
  };
  const created = creates.map((creation) => ({ ...creation }));
  return { row, outcome, recordId, problems: problems.map(shown), warnings: warnings.map(shown), creates: created };
};

const escaped = (column: string): string => column.replaceAll('~', '~0').replaceAll('/', '~1');
