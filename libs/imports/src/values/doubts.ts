import type { CellProblem } from './cell-problem.js';
import type { FieldValue, ImportField } from './import-field.js';
import type { CellReading } from './parse-cell.js';

/** `4.92E+11`: what is left of a long number in a narrow cell. */
const SHORTENED = /^[+-]?\d(?:[.,]\d+)?E\+?\d+$/i;

/** What people should look at in a value that can be taken. Continues the sentence "«value» …". */
export const doubtOf = (
  field: ImportField,
  cell: string,
  value: FieldValue,
  { scale }: Pick<CellReading, 'scale'>,
): CellProblem | undefined => {
  if (field.type === 'phone' && SHORTENED.test(cell)) {
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
