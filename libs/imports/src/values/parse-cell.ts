import { parseMoney } from './amounts.js';
import { type Parsed, parsed, refused } from './cell-problem.js';
import { type DateReading, parseDate, parseInstant } from './dates.js';
import { type FieldValue, type ImportField, sameWord } from './import-field.js';
import { type DecimalMark, parseDecimal, times, toNumber } from './numbers.js';

/** How one column's cells are read. */
export interface CellReading {
  readonly dates: DateReading;
  readonly mark: DecimalMark | undefined;
  readonly currency: string | undefined;
  readonly scale: number;
}

/** The value of a cell that is not empty. References give their name. */
export const parseCell = (field: ImportField, cell: string, reading: CellReading): Parsed<FieldValue> => {
  switch (field.type) {
    case 'number':
      return parseNumber(cell, reading);
    case 'money':
      return parseMoney(cell, reading);
    case 'date':
      return parseDate(cell, reading.dates);
    case 'instant':
      return parseInstant(cell, reading.dates);
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
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(cell)
        ? parsed(cell)
        : refused('not-an-email', 'is no e-mail address. Mend it, or leave it empty.');
    case 'reference':
      return parsed(cell);
    default:
      return parseText(cell, field.maxLength ?? 20_000);
  }
};

const parseText = (cell: string, limit: number): Parsed<string> =>
  cell.length <= limit
    ? parsed(cell)
    : refused('too-long', `has ${cell.length} characters; ${limit} are allowed. Shorten it.`);

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
