import type { ImportSettings } from '../domain/import-settings.js';
import type { RowProblem } from '../domain/import-rows.events.js';
import type { EffectiveSettings } from '../mapping/effective-settings.js';
import { type CsvRow, MAX_CELL_CHARACTERS } from '../reading/read-csv.js';
import type { ColumnProfile } from '../values/column-profile.js';
import type { FieldValue, ImportField } from '../values/import-field.js';
import { type Parsed, refused } from '../values/cell-problem.js';
import { type CellReading, parseCell } from '../values/parse-cell.js';

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
    const field = fields.find(({ name }) => name === settings.columns[column]);
    return field ? [{ at, column, field }] : [];
  });

export interface ParsedRow {
  readonly row: number;
  readonly values: Record<string, FieldValue>;
  readonly problems: RowProblem[];
}

/** A cell as it counts: trimmed, and replaced where the settings say that it means something else. */
export type CellText = (field: ImportField, cell: string) => string;

export const cellTexts = ({ values = [] }: ImportSettings): CellText => {
  const mapped = new Map(values.map(({ field, from, to }) => [`${field}\0${from.trim()}`, to.trim()]));
  return mapped.size === 0
    ? (_, cell) => cell.trim()
    : (field, cell) => mapped.get(`${field.name}\0${cell.trim()}`) ?? cell.trim();
};

/** Turns cells into values. Columns and how they are read are looked up once. */
export class RowParser {
  readonly #columns: readonly (MappedColumn & { readonly reading: CellReading })[];
  readonly #text: CellText;
  readonly #encoding: string;

  constructor(
    columns: readonly MappedColumn[],
    private readonly width: number,
    settings: EffectiveSettings,
    profile: ColumnProfile,
  ) {
    this.#text = cellTexts(settings);
    this.#encoding = settings.encoding ?? 'utf-8';
    this.#columns = columns.map((column) => ({ ...column, reading: readingOf(column.field.name, settings, profile) }));
  }

  parse({ row, line, cells, damaged = [] }: CsvRow): ParsedRow {
    const values: Record<string, FieldValue> = {};
    const problems: RowProblem[] = shapeProblems(cells, line, this.width);
    if (problems.length > 0) return { row, values, problems };
    for (const { at, column, field, reading } of this.#columns) {
      const text = this.#text(field, cells[at] ?? '');
      if (text === '') continue;
      const fault = damaged.find(({ cell }) => cell === at);
      const result = fault ? this.#undecodable(line, fault.byte) : parseCell(field, text, reading);
      if ('value' in result) values[field.name] = result.value;
      else
        problems.push({
          column,
          code: result.problem.code,
          message: `${shown(field, text)} ${result.problem.message}`,
        });
    }
    return { row, values, problems };
  }

  #undecodable(line: number, byte: number): Parsed<never> {
    const where = `line ${line}, byte ${byte} of the file, counted from 0`;
    const message = `holds bytes that mean nothing in ${this.#encoding}: ${where}. Mend them, or set the right encoding.`;
    return refused('undecodable', message);
  }
}

const readingOf = (field: string, settings: EffectiveSettings, profile: ColumnProfile): CellReading => ({
  dates: settings.dates === 'auto' ? profile.dates(field) : settings.dates,
  mark: profile.decimalMark(field),
  currency: settings.currency,
  scale: settings.scales?.[field] ?? 1,
});

/** A value as a problem may repeat it. */
export const shown = (field: ImportField, text: string): string => {
  if (field.personal) return 'The value';
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
};

const shapeProblems = (cells: readonly string[], line: number, width: number): RowProblem[] => {
  // Spreadsheets leave a row's empty last cells out.
  if (cells.findLastIndex((cell) => cell !== '') >= width) {
    const message = `Line ${line} has ${cells.length} cells, the header has ${width}. Check quotation marks and separators there.`;
    return [{ code: 'ragged-row', message }];
  }
  if (cells.some((cell) => cell.length > MAX_CELL_CHARACTERS)) {
    return [
      {
        code: 'cell-too-long',
        message: `A cell in line ${line} has more than ${MAX_CELL_CHARACTERS.toLocaleString('en')} characters.`,
      },
    ];
  }
  if (cells.some((cell) => cell.includes('\0'))) {
    return [{ code: 'nul-character', message: `Line ${line} holds NUL characters. Remove them.` }];
  }
  return [];
};
