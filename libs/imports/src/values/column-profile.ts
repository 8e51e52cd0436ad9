import { numberIn } from './amounts.js';
import { type DateOrder, type DateReading, orderOf } from './dates.js';
import type { ImportField } from './import-field.js';
import { type DecimalMark, decimalMarkOf } from './numbers.js';

/** What the cells of a file tell about how its dates and numbers are written. Given cells once, asked then. */
export class ColumnProfile {
  readonly #orders = new Map<string, Set<DateOrder>>();
  readonly #marks = new Map<string, Set<DecimalMark>>();

  see(field: ImportField, cell: string): void {
    if (field.type === 'date' || field.type === 'instant') note(this.#orders, field.name, orderOf(cell));
    else if (field.type === 'number' || field.type === 'percent') note(this.#marks, field.name, decimalMarkOf(cell));
    else if (field.type === 'money') note(this.#marks, field.name, decimalMarkOf(numberIn(cell)));
  }

  /** The order of a column's dates: its own evidence, else that of the whole file. Two that disagree tell nothing. */
  dates(field: string): DateReading {
    return decided(this.#orders, field) ?? 'ambiguous';
  }

  decimalMark(field: string): DecimalMark | undefined {
    return decided(this.#marks, field);
  }
}

/** Columns whose cells can tell anything. */
export const isProfiled = ({ type }: ImportField): boolean =>
  type === 'date' || type === 'instant' || type === 'number' || type === 'percent' || type === 'money';

const note = <T>(evidence: Map<string, Set<T>>, field: string, seen: T | undefined): void => {
  if (seen === undefined) return;
  const known = evidence.get(field);
  if (known) known.add(seen);
  else evidence.set(field, new Set([seen]));
};

const decided = <T>(evidence: ReadonlyMap<string, ReadonlySet<T>>, field: string): T | undefined => {
  const own = evidence.get(field);
  if (own) return own.size === 1 ? [...own][0] : undefined;
  const all = new Set([...evidence.values()].flatMap((seen) => [...seen]));
  return all.size === 1 ? [...all][0] : undefined;
};
