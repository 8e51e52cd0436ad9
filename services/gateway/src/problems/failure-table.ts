import type { ErrorKind } from '@rapport/kernel';
import { HTTP_STATUS } from '@rapport/service-kit';

/** Failures that only HTTP has, beside those of every layer. */
export type FailureKind = ErrorKind | 'method-not-allowed' | 'unsupported-media-type';

export interface FailureRow {
  /** HTTP status. */
  readonly status: number;
  /** gRPC status code, by number. */
  readonly grpc: number;
  readonly title: string;
  /** The same request may succeed later. */
  readonly retryable: boolean;
  /** What a client should do. */
  readonly advice: string;
}

const row = (status: number, grpc: number, title: string, advice: string, retryable = false): FailureRow => ({
  status,
  grpc,
  title,
  retryable,
  advice,
});

/** What HTTP, gRPC and people are told of each family of failure; statuses are the services' own, who need them in batches. */
export const failureTable: Readonly<Record<FailureKind, FailureRow>> = {
  invalid: row(HTTP_STATUS.invalid, 3, 'Invalid request', 'Mend the fields that `errors` points at.'),
  unauthenticated: row(
    HTTP_STATUS.unauthenticated,
    16,
    'Not signed in',
    'Send `Authorization: Bearer <token>` with a valid token.',
  ),
  forbidden: row(
    HTTP_STATUS.forbidden,
    7,
    'Not allowed',
    'Use a token whose roles give the permission that `detail` names.',
  ),
  'not-found': row(HTTP_STATUS['not-found'], 5, 'Not found', 'Check the address and the id.'),
  'method-not-allowed': row(405, 12, 'Method not allowed', 'Use one of the methods in the `Allow` header.'),
  'already-exists': row(
    HTTP_STATUS['already-exists'],
    6,
    'Already exists',
    'Use the record that is there, or another key.',
  ),
  conflict: row(HTTP_STATUS.conflict, 9, 'Conflict with the present state', 'Read the record, then decide anew.'),
  gone: row(HTTP_STATUS.gone, 5, 'Gone', 'It will not come back.'),
  stale: row(
    HTTP_STATUS.stale,
    10,
    'Changed in the meantime',
    'Read the record again; `currentRevision` is its version now.',
  ),
  'too-large': row(HTTP_STATUS['too-large'], 8, 'Too large', 'Send less at once.'),
  'unsupported-media-type': row(415, 3, 'Unsupported media type', 'Send JSON as `application/json`.'),
  'rate-limited': row(HTTP_STATUS['rate-limited'], 8, 'Too many requests', 'Wait as long as `Retry-After` says.', true),
  internal: row(
    HTTP_STATUS.internal,
    13,
    'Internal error',
    'Report the `correlationId`; the operator finds the cause by it.',
  ),
  'not-caught-up': row(
    HTTP_STATUS['not-caught-up'],
    14,
    'Not caught up yet',
    'Repeat the request after `Retry-After`.',
    true,
  ),
  unavailable: row(
    HTTP_STATUS.unavailable,
    14,
    'Temporarily unavailable',
    'Repeat the request later, with its `Idempotency-Key`.',
    true,
  ),
  'storage-full': row(
    HTTP_STATUS['storage-full'],
    8,
    'Storage is full',
    'Nothing was written. Tell the operator.',
    true,
  ),
};
