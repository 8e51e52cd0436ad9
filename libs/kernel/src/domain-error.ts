import type { Rejection, RejectionKind } from './decider.js';

/** Families of failure; one table in the gateway maps them to HTTP and gRPC. The domain knows no status codes. */
export type ErrorKind =
  | RejectionKind
  | 'stale'
  | 'unauthenticated'
  | 'forbidden'
  | 'too-large'
  | 'rate-limited'
  | 'not-caught-up'
  | 'unavailable'
  | 'storage-full'
  | 'internal';

/** One field at fault. */
export interface FieldProblem {
  /** JSON pointer into the request: `/amount/minor`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** The one error class that crosses layers. `message` says what was wrong, where, and what to do. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
  }

  static of(rejection: Rejection): DomainError {
    const { rejected, code, message, field } = rejection;
    return new DomainError(rejected, code, message, field ? { fields: [{ pointer: field, code, message }] } : {});
  }
}

export interface ErrorDetails {
  readonly fields?: readonly FieldProblem[];
  /** The aggregate's revision at the time of a `stale` failure. */
  readonly currentRevision?: number;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}
