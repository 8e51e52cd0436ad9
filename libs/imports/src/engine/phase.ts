import type { ImportState } from '../domain/import-state.js';
import type { RowOutcome, RowRecord } from '../domain/import-rows.events.js';

export interface ImportKey {
  readonly tenant: string;
  readonly id: string;
}

/** A group of rows that is done. */
export interface DoneRows {
  readonly rows: readonly RowRecord[];
  /** What counts, where that is not simply the rows' outcomes. */
  readonly outcomes?: readonly RowOutcome[];
}

/** One phase of an import: gives groups of rows as they are done, in order, from behind a row on. */
export interface Phase {
  work(state: ImportState, signal: AbortSignal): AsyncIterable<DoneRows>;
}
