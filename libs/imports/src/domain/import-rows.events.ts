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
  /** Further records that it may be about: it names what several have. */
  readonly alsoAbout?: readonly string[];
  readonly problems?: readonly RowProblem[];
  /** What people should look at, though the row was taken. */
  readonly warnings?: readonly RowProblem[];
  /** Records of other kinds that nobody had before. */
  readonly creates?: readonly RowCreation[];
}

/** A record that a row names, by the field that names it. */
export interface RowCreation {
  readonly field: string;
  /** Absent where it is a person's. */
  readonly name?: string;
}

export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'skipped' | 'failed' | 'restored' | 'kept';

/** What is wrong with a row and what to do. The message never holds a personal value; `{column}` stands for a column's name. */
export interface RowProblem {
  /** The column, 1 is the first; absent when no column is mapped to the field, or the row as a whole is at fault. */
  readonly columnNumber?: number;
  /**
   * The name of the field where no column is mapped to it; that of the column where the problem is shown, and in what older
   * versions stored.
   */
  readonly column?: string;
  readonly code: string;
  readonly message: string;
}

/** Aggregate of the streams that hold what became of rows, apart from the import's own short stream. */
export const IMPORT_ROWS = 'importRows';

export const importRowsEvents: EventCatalogue<ImportRowsRecorded> = { ImportRowsRecorded: UNCHANGED };
