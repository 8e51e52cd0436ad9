import type { ErrorKind } from '@rapport/kernel';
import { HTTP_STATUS } from '@rapport/service-kit';

/** Failures that only HTTP has, beside those of every layer. */
export type FailureKind = ErrorKind | 'method-not-allowed' | 'unsupported-media-type';

export interface FailureRow {
  /** HTTP status. */
  readonly status: number;
  readonly title: string;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** What a client should do. */
  readonly advice: string;
}

const row = (status: number, title: string, advice: string, retryable = false): FailureRow => ({
  status,
  title,
  retryable,
  advice,
});

/** Families that every layer has: their statuses stand in the services' own table, who need them in batches. */
const shared = (kind: ErrorKind, title: string, advice: string, retryable = false): FailureRow =>
  row(HTTP_STATUS[kind], title, advice, retryable);

const SIGN_IN = 'Send `Authorization: Bearer <token>` with a valid token.';
const PERMISSION = 'Use a token whose roles give the permission that `detail` names.';
const READ_AGAIN = 'Read the record again; `currentRevision` is its version now.';
const REPORT = 'Report the `correlationId`; the operator finds the cause by it.';
const LATER = 'Repeat the request later, with its `Idempotency-Key`.';

/** What HTTP and people are told of each family of failure. */
export const failureTable: Readonly<Record<FailureKind, FailureRow>> = {
  invalid: shared('invalid', 'Invalid request', 'Mend the fields that `errors` points at.'),
  unauthenticated: shared('unauthenticated', 'Not signed in', SIGN_IN),
  forbidden: shared('forbidden', 'Not allowed', PERMISSION),
  'not-found': shared('not-found', 'Not found', 'Check the address and the id.'),
  'method-not-allowed': row(405, 'Method not allowed', 'Use one of the methods in the `Allow` header.'),
  'already-exists': shared('already-exists', 'Already exists', 'Use the record that is there, or another key.'),
  conflict: shared('conflict', 'Conflict with the present state', 'Read the record, then decide anew.'),
  gone: shared('gone', 'Gone', 'It will not come back.'),
  stale: shared('stale', 'Changed in the meantime', READ_AGAIN),
  'too-large': shared('too-large', 'Too large', 'Send less at once.'),
  'unsupported-media-type': row(415, 'Unsupported media type', 'Send JSON as `application/json`.'),
  'rate-limited': shared('rate-limited', 'Too many requests', 'Wait as long as `Retry-After` says.', true),
  internal: shared('internal', 'Internal error', REPORT),
  'not-caught-up': shared('not-caught-up', 'Not caught up yet', 'Repeat the request after `Retry-After`.', true),
  unavailable: shared('unavailable', 'Temporarily unavailable', LATER, true),
  'storage-full': shared('storage-full', 'Storage is full', 'Nothing was written. Tell the operator.', true),
};
