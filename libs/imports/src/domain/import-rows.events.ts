import { type DomainEvent, type EventCatalogue, UNCHANGED } from '@rapport/kernel';

export type ImportPhase = 'validating' | 'running' | 'reverting';

/** In the stream of aggregate `importRows`: a few rows of one phase, in the file's order, without their values. */
export type ImportRowsRecorded = DomainEvent<
  'ImportRowsRecorded',
  { readonly phase: ImportPhase; readonly rows: readonly RowRecord[] }
>;

export interface RowRecord {
  /** 1 is the first row below the header. */
  readonly row: number;
  readonly outcome: RowOutcome;
  readonly recordId?: string;
  readonly problems?: readonly RowProblem[];
}

export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed' | 'restored' | 'kept';

/** What is wrong with a row and what to do. The message never holds a personal value. */
export interface RowProblem {
  /** The column's name, or the field's where no column is mapped to it; absent when the row as a whole is at fault. */
  readonly column?: string;
  readonly code: string;
  readonly message: string;
}

/** Aggregate of the streams that hold what became of rows, apart from the import's own short stream. */
export const IMPORT_ROWS = 'importRows';

export const importRowsEvents: EventCatalogue<ImportRowsRecorded> = { ImportRowsRecorded: UNCHANGED };
