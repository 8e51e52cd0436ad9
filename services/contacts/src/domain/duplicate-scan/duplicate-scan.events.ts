import type { DomainEvent } from '@rapport/kernel';

/** What a scan has done so far. */
export interface ScanCounts {
  /** Records that there are to be compared. */
  readonly records: number;
  /** Of those, how many were compared with all that may be the same. */
  readonly compared: number;
  /** Pairs that look like one, those that were known already among them. */
  readonly pairs: number;
  /** Pairs that came into the queue. */
  readonly added: number;
  /** Pairs that left it, because they do not look like one any more. */
  readonly removed: number;
}

/** All records of a tenant are to be compared. */
export type DuplicateScanBegun = DomainEvent<'DuplicateScanBegun', Record<string, never>>;

/** A checkpoint: every record of this kind with an id up to this one is compared, and all of the kinds before it. */
export interface ScanProgress {
  readonly kind?: string;
  readonly upTo: string;
  readonly counts: ScanCounts;
}

export type DuplicateScanProgressed = DomainEvent<'DuplicateScanProgressed', ScanProgress>;

/** `full`: so many pairs came into the queue that the rest was left for another scan. */
export type DuplicateScanFinished = DomainEvent<
  'DuplicateScanFinished',
  { readonly counts: ScanCounts; readonly full: boolean }
>;

export type DuplicateScanCanceled = DomainEvent<'DuplicateScanCanceled', Record<string, never>>;

/** It came to an end because of a fault of the server. */
export type DuplicateScanFailed = DomainEvent<'DuplicateScanFailed', Record<string, never>>;

export type DuplicateScanEvent =
  DuplicateScanBegun | DuplicateScanProgressed | DuplicateScanFinished | DuplicateScanCanceled | DuplicateScanFailed;
