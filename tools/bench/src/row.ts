import type { Workplace } from './workplace/workplace.js';

/** One line of the table: a figure, its limit from the same run, and what is aimed at. */
export interface Row {
  readonly what: string;
  readonly figure: string;
  /** What the same machine does at best, or what others have published. */
  readonly limit: string;
  /** Figure by limit, where both are rates. */
  readonly ratio?: number;
  readonly aim: string;
  /** Absent where nothing is aimed at, or where this machine cannot tell. */
  readonly met?: boolean;
  /** How it was measured, and what else was seen. */
  readonly notes: readonly string[];
  /** What has more to say than a figure. */
  readonly table?: Table;
}

/** The first row names the columns. */
export type Table = readonly (readonly string[])[];

/** One measurement. Throws only when something broke, never because something was slow. */
export interface Bench<Place = Workplace> {
  readonly name: string;
  readonly measure: (this: void, place: Place) => Promise<readonly Row[]>;
}
