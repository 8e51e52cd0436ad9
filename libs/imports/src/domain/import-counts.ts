import type { RowRecord } from './import-rows.events.js';

/** How many rows came to what in the present phase; of a revert also what became of records. */
export interface ImportCounts {
  readonly rows: number;
  readonly processed: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly failed: number;
  readonly restored: number;
  readonly kept: number;
  /** Rows that were taken and should be looked at. Absent in what earlier releases stored. */
  readonly warned?: number;
}

export const NO_ROWS: ImportCounts = {
  rows: 0,
  processed: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  skipped: 0,
  failed: 0,
  restored: 0,
  kept: 0,
};

/** The counts after a few more rows. */
export const counted = (
  counts: ImportCounts,
  rows: Iterable<Pick<RowRecord, 'outcome' | 'warnings'>>,
): ImportCounts => {
  const next = { ...counts, warned: counts.warned ?? 0 } as Record<keyof ImportCounts, number>;
  for (const { outcome, warnings } of rows) {
    next.processed += 1;
    next[outcome] += 1;
    if (warnings) next.warned += 1;
  }
  next.rows = Math.max(next.rows, next.processed);
  return next;
};
