import { DomainError, type ErrorDetails } from '@rapport/kernel';
import type { FailureKind } from './failure-table.js';

/** What went wrong, whichever layer said so. A {@link DomainError} is one. */
export interface Failure {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** A failure that only HTTP has. */
export class HttpFailure extends Error implements Failure {
  readonly details: ErrorDetails = {};

  constructor(
    readonly kind: 'method-not-allowed' | 'unsupported-media-type',
    message: string,
  ) {
    super(message);
  }

  get code(): string {
    return this.kind;
  }
}

const INTERNAL: Failure = {
  kind: 'internal',
  code: 'internal',
  message: 'Something went wrong inside Rapport. Nothing more is said here; the log holds the cause.',
  details: {},
};

/** What may be said about an error outside: the text of an unexpected one stays in the log. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof HttpFailure) return error;
  if (error instanceof DomainError) return error.kind === 'internal' ? INTERNAL : error;
  return fastifyFailure(error) ?? INTERNAL;
};

/** Fastify's own errors are told by their codes. */
const fastifyFailure = (error: unknown): Failure | undefined => {
  switch (codeOf(error)) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new DomainError('too-large', 'body-too-large', 'The body is larger than this gateway takes.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new HttpFailure('unsupported-media-type', 'The body must be JSON: send it as application/json.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new DomainError('invalid', 'content-length', 'The body is not as long as Content-Length says.');
    case 'FST_ERR_BAD_URL':
      return new DomainError('invalid', 'malformed-address', 'The address is not a valid one: check its % escapes.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new DomainError('not-found', 'not-found', 'There is nothing at this address.');
    case 'ECONNRESET':
      return new DomainError('invalid', 'aborted', 'The request ended before its body was complete.');
    default:
      return undefined;
  }
};

/** The `code` that Node and Fastify put on their errors. */
export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
