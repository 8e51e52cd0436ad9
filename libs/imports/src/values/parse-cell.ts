import type { TimeZone } from '@rapport/kernel';
import { parseCurrency, parseMoney } from './amounts.js';
import { type Parsed, parsed, refused } from './cell-problem.js';
import { type DateReading, parseDate, parseInstant } from './dates.js';
import { type FieldValue, type ImportField, sameWord } from './import-field.js';
import { type DecimalMark, parseDecimal, times, toNumber } from './numbers.js';

/** How one column's cells are read. */
export interface CellReading {
  readonly dates: DateReading;
  /** Of times that name none; UTC when left out. */
  readonly zone?: TimeZone | undefined;
  readonly mark: DecimalMark | undefined;
  /** Of amounts that name none. */
  readonly currency: string | undefined;
  /** What the row's column of currencies says: no amount may be in another. */
  readonly rowCurrency?: string | undefined;
  readonly scale: number;
}

/** The value of a cell that is not empty; whether the field may hold it is the contract's to say. References give their name. */
export const parseCell = (field: ImportField, cell: string, reading: CellReading): Parsed<FieldValue> => {
  switch (field.type) {
    case 'number':
    case 'percent':
      return parseNumber(cell, reading);
    case 'money':
      return parseMoney(cell, reading);
    case 'date':
      return parseDate(cell, reading.dates);
    case 'instant':
      return parseInstant(cell, reading.dates, reading.zone);
    case 'boolean':
      return parseBoolean(cell);
    case 'texts':
      return parsed(
        cell
          .split(/[;,|\n]/)
          .map((text) => text.trim())
          .filter((text) => text !== ''),
      );
    case 'choice':
      return parseChoice(field.choices, cell);
    case 'currency':
      return parseCurrency(cell);
    default:
      return parsed(cell);
  }
};

const parseNumber = (cell: string, { mark, scale }: CellReading): Parsed<number> => {
  const decimal = parseDecimal(cell.endsWith('%') ? cell.slice(0, -1).trim() : cell, mark);
  return 'problem' in decimal ? decimal : parsed(toNumber(times(decimal.value, scale)));
};

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  t: true,
  '1': true,
  x: true,
  on: true,
  false: false,
  no: false,
  n: false,
  f: false,
  '0': false,
  off: false,
};

const parseBoolean = (cell: string): Parsed<boolean> => {
  const value = BOOLEANS[cell.toLowerCase()];
  return value === undefined ? refused('not-a-boolean', 'is neither yes nor no. Write true or false.') : parsed(value);
};

const parseChoice = (choices: readonly string[], cell: string): Parsed<string> => {
  const wanted = sameWord(cell);
  const found = choices.find((choice) => choice === cell) ?? choices.find((choice) => sameWord(choice) === wanted);
  return found === undefined
    ? refused('unknown-choice', `is none of ${choices.join(', ')}. Map the value to one of them.`)
    : parsed(found);
};
