import { type EffectiveSettings, fieldOf } from '../mapping/effective-settings.js';
import type { ImportField } from '../values/import-field.js';

/** A column that is mapped to a field. */
export interface MappedColumn {
  readonly at: number;
  readonly column: string;
  readonly field: ImportField;
}

export const mappedColumns = (
  fields: readonly ImportField[],
  settings: EffectiveSettings,
  columns: readonly string[],
): readonly MappedColumn[] =>
  columns.flatMap((column, at) => {
    const field = fields.find(({ name }) => name === fieldOf(settings.columns, column));
    return field ? [{ at, column, field }] : [];
  });
