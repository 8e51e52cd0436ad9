import type { CellProblem } from './cell-problem.js';
import type { FieldValue, ImportField } from './import-field.js';
import type { CellReading } from './parse-cell.js';

/** `4.92E+11`: what is left of a long number in a narrow cell. */
const SHORTENED = /^[+-]?\d(?:[.,]\d+)?E\+?\d+$/i;

/** Likewise of a key, as spreadsheets write it; a product may really be called `4E5`. */
const SHORTENED_KEY = /^\d(?:[.,]\d+)?E\+\d{2,}$/;

/** Whether a key has lost its last digits, so that it may stand for many. */
export const isShortenedKey = (cell: string): boolean => SHORTENED_KEY.test(cell);

/** What people should look at in a value that can be taken. Continues the sentence "«value» …". */
export const doubtOf = (
  field: ImportField,
  cell: string,
  value: FieldValue,
  { scale }: Pick<CellReading, 'scale'>,
): CellProblem | undefined => {
  if (isShortened(field, cell)) {
    const message =
      'is a number that a spreadsheet has shortened: its last digits are lost. Take it from the source again.';
    return { code: 'shortened-number', message };
  }
  if (
    field.type === 'percent' &&
    typeof value === 'number' &&
    value > 0 &&
    value < 1 &&
    scale === 1 &&
    !cell.endsWith('%')
  ) {
    const message = `is taken as ${value} %. If the file gives fractions, set the scale of ${field.name} to 100.`;
    return { code: 'looks-like-a-fraction', message };
  }
  return undefined;
};

const isShortened = ({ type, name }: ImportField, cell: string): boolean =>
  type === 'phone' ? SHORTENED.test(cell) : name === 'externalId' && isShortenedKey(cell);
