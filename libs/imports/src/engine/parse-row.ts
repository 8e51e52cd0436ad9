import type { ImportSettings } from '../domain/import-settings.js';
import type { RowCreation, RowProblem } from '../domain/import-rows.events.js';
import type { EffectiveSettings } from '../mapping/effective-settings.js';
import type { ImportKind } from './import-kind.js';
import type { MappedColumn } from './mapped-columns.js';
import { RowRules } from './row-rules.js';
import { type CsvRow, MAX_CELL_CHARACTERS } from '../reading/read-csv.js';
import type { ColumnProfile } from '../values/column-profile.js';
import type { FieldValue, ImportField } from '../values/import-field.js';
import { type Parsed, refused } from '../values/cell-problem.js';
import { doubtOf } from '../values/doubts.js';
import { type CellReading, parseCell } from '../values/parse-cell.js';

export interface ParsedRow {
  readonly row: number;
  readonly values: Record<string, FieldValue | null>;
  readonly problems: RowProblem[];
  readonly warnings: RowProblem[];
  readonly creates: RowCreation[];
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
  readonly #columns: readonly ReadColumn[];
  readonly #text: CellText;
  readonly #rules: RowRules;

  constructor(
    kind: Pick<ImportKind, 'message'>,
    columns: readonly MappedColumn[],
    private readonly width: number,
    private readonly settings: EffectiveSettings & Pick<CellReading, 'zone'>,
    profile: ColumnProfile,
  ) {
    this.#text = cellTexts(settings);
    // Currencies first: amounts are read by them.
    this.#columns = columns
      .map((column) => ({ ...column, reading: readingOf(column.field.name, settings, profile) }))
      .sort((one, other) => Number(other.field.type === 'currency') - Number(one.field.type === 'currency'));
    this.#rules = new RowRules(kind, columns);
  }

  parse(given: CsvRow): ParsedRow {
    const { row, line, cells } = given;
    const values: Record<string, FieldValue> = {};
    const problems: RowProblem[] = shapeProblems(cells, line, this.width);
    if (problems.length > 0) return { row, values, problems, warnings: [], creates: [] };
    const currencies = new Map<string, string>();
    const warnings: RowProblem[] = [];
    for (const { at, column, field, reading } of this.#columns) {
      const text = this.#text(field, cells[at] ?? '');
      if (text === '') continue;
      const rowCurrency = currencies.get(field.name);
      const result = this.#undecodable(given, at) ?? parseCell(field, text, { ...reading, rowCurrency });
      if ('problem' in result) {
        const { code, message } = result.problem;
        problems.push({ column, code, message: `${shown(field, text)} ${message}` });
      } else if (field.type === 'currency') currencies.set(field.of, result.value as string);
      else {
        values[field.name] = result.value;
        const doubt = doubtOf(field, text, result.value, reading);
        if (doubt) warnings.push({ column, code: doubt.code, message: `${shown(field, text)} ${doubt.message}` });
      }
    }
    problems.push(...this.#rules.check(values));
    const all = this.settings.empty === 'clear' ? this.#cleared(given, values) : values;
    return { row, values: all, problems, warnings, creates: [] };
  }

  #undecodable({ line, damaged = [] }: CsvRow, at: number): Parsed<never> | undefined {
    const fault = damaged.find(({ cell }) => cell === at);
    if (!fault) return undefined;
    const where = `line ${line}, byte ${fault.byte} of the file, counted from 0`;
    const message = `holds bytes that mean nothing in ${this.settings.encoding}: ${where}. Mend them, or set the right encoding.`;
    return refused('undecodable', message);
  }

  /** With null for every empty cell, but the one that the record is recognised by. */
  #cleared({ cells }: CsvRow, values: Record<string, FieldValue>): Record<string, FieldValue | null> {
    const empty = this.#columns
      .filter(({ at, field }) => field.type !== 'currency' && this.#text(field, cells[at] ?? '') === '')
      .map(({ field }) => [field.name, null] as const);
    const { [this.settings.matchBy ?? '']: _, ...cleared } = Object.fromEntries(empty);
    return { ...values, ...cleared };
  }
}

type ReadColumn = MappedColumn & { readonly reading: CellReading };

const readingOf = (
  field: string,
  settings: EffectiveSettings & Pick<CellReading, 'zone'>,
  profile: ColumnProfile,
): CellReading => ({
  zone: settings.zone,
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
  if (cells.some((cell) => cell.length > MAX_CELL_CHARACTERS && [...cell].length > MAX_CELL_CHARACTERS)) {
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
