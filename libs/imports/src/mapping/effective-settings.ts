import { DomainError } from '@rapport/kernel';
import type { FileFacts, ImportMode, ImportSettings } from '../domain/import-settings.js';
import type { ImportKind } from '../engine/import-kind.js';

/** The settings with every default filled in from the file and the kind. */
export interface EffectiveSettings extends ImportSettings {
  readonly columns: Readonly<Record<string, string>>;
  readonly mode: ImportMode;
  readonly empty: 'keep' | 'clear';
  readonly dates: NonNullable<ImportSettings['dates']>;
  readonly unknownReferences: 'refuse' | 'empty';
  readonly possibleDuplicates: 'create' | 'report' | 'refuse';
}

export const effectiveSettings = (
  kind: ImportKind,
  settings: ImportSettings,
  file: FileFacts | undefined,
): EffectiveSettings => {
  const columns = settings.columns ?? file?.suggested ?? {};
  const mapped = new Set(Object.values(columns));
  const matchBy = settings.matchBy ?? kind.matchBy.find((field) => mapped.has(field));
  return {
    mode: 'upsert',
    empty: 'keep',
    dates: 'auto',
    unknownReferences: 'refuse',
    possibleDuplicates: 'report',
    ...settings,
    columns,
    ...(matchBy === undefined ? {} : { matchBy }),
    ...(file ? { encoding: file.encoding, separator: file.separator } : {}),
  };
};

/** The field of a column: one may be called `constructor`, which every object has. */
export const fieldOf = (fields: Readonly<Record<string, string>>, column: string): string | undefined =>
  Object.hasOwn(fields, column) ? fields[column] : undefined;

/** Fields that no row may leave empty: the user's, and the kind's own unless rows only update what exists. */
export const requiredFields = (kind: ImportKind, settings: EffectiveSettings): readonly string[] => {
  const own = settings.mode === 'update' ? [] : kind.fields.filter(({ required }) => required).map(({ name }) => name);
  return [...new Set([...own, ...(settings.required ?? [])])];
};

/** @throws DomainError `columns-missing` where rows cannot be read with these columns at all */
export const checkRunnable = (kind: ImportKind, settings: EffectiveSettings): void => {
  const mapped = new Set(Object.values(settings.columns));
  const needed = new Set(requiredFields(kind, settings));
  if (settings.matchBy !== undefined) needed.add(settings.matchBy);
  const missing = [...needed].filter((field) => !mapped.has(field));
  if (missing.length === 0 && mapped.size > 0) return;
  const what = missing.length > 0 ? `No column is mapped to ${missing.join(', ')}` : 'No column is mapped to a field';
  throw new DomainError(
    'invalid',
    'columns-missing',
    `${what}. Map one in the settings, for example columns: {"Name": "name"}.`,
    {
      fields: [{ pointer: '/settings/columns', code: 'columns-missing', message: `${what}.` }],
    },
  );
};
