import type { typesV1 } from '@rapport/contracts';
import { DomainError, type ErrorKind } from '@rapport/kernel';

/** The one table from families of failure to HTTP. */
export const HTTP_STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'already-exists': 409,
  conflict: 409,
  gone: 410,
  stale: 412,
  'too-large': 413,
  'rate-limited': 429,
  internal: 500,
  'not-caught-up': 503,
  unavailable: 503,
  'storage-full': 507,
};

/** The one table from families of failure to gRPC, status codes by number. */
export const GRPC_STATUS: Readonly<Record<ErrorKind, number>> = {
  invalid: 3,
  unauthenticated: 16,
  forbidden: 7,
  'not-found': 5,
  'already-exists': 6,
  conflict: 9,
  gone: 5,
  stale: 10,
  'too-large': 8,
  'rate-limited': 8,
  internal: 13,
  'not-caught-up': 14,
  unavailable: 14,
  'storage-full': 8,
};

/** What a caller may know of a failure, as RFC 9457 has it. Unexpected ones keep their text to themselves. */
export const problemOf = (failure: unknown): typesV1.Problem => {
  if (!(failure instanceof DomainError) || failure.kind === 'internal') return unexpected;
  const { kind, code, message, details } = failure;
  const errors = (details.fields ?? []).map((field) => ({ ...field }));
  return { type: `/problems/${code}`, title: titleOf(code), status: HTTP_STATUS[kind], detail: message, code, errors };
};

/** `already-won` reads "Already won". */
export const titleOf = (code: string): string => {
  const words = code.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const unexpected: typesV1.Problem = {
  type: '/problems/internal',
  title: 'Internal error',
  status: 500,
  detail:
    'Something went wrong in Rapport itself. The log has it under the correlation id; repeating the request is safe with an Idempotency-Key.',
  code: 'internal',
  errors: [],
};
