import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { DomainError, type ErrorDetails, type ErrorKind } from '@rapport/kernel';
import { GRPC_STATUS } from '../problem.js';
import { METADATA } from './call-metadata.js';

/** A failure on its way: everything of a {@link DomainError} but its cause. */
interface SentFailure {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  readonly details: Omit<ErrorDetails, 'cause'>;
}

/** HTTP/2 headers are kept small by everybody in between. */
const MOST_FIELDS = 20;
const MOST_CHARACTERS = 1_000;

const INTERNAL: SentFailure = {
  kind: 'internal',
  code: 'internal',
  message: 'Something went wrong inside the service. Its log has the cause under the correlation id.',
  details: {},
};

/** Whether the failure may be told outside; another one stays in the log. */
export const isExpected = (failure: unknown): failure is DomainError =>
  failure instanceof DomainError && failure.kind !== 'internal';

/** What the gateway is told of a failure: an expected one whole, of another one nothing but that it happened. */
export const statusOf = (failure: unknown): StatusObject => {
  const sent = isExpected(failure) ? sentFailure(failure) : INTERNAL;
  const metadata = new Metadata();
  metadata.set(METADATA.failure, Buffer.from(JSON.stringify(sent)));
  // What a handler says must not be taken for a connection that failed, which alone is tried again.
  metadata.set(METADATA.pushback, '-1');
  return { code: GRPC_STATUS[sent.kind], details: sent.message, metadata };
};

const sentFailure = ({ kind, code, message, details }: DomainError): SentFailure => {
  const { fields, currentRevision, retryAfterSeconds } = details;
  const few = fields?.slice(0, MOST_FIELDS).map((field) => ({ ...field, message: short(field.message) }));
  return {
    kind,
    code,
    message: short(message),
    details: {
      ...(few === undefined ? {} : { fields: few }),
      ...(currentRevision === undefined ? {} : { currentRevision }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
  };
};

/** Well-formed, too: half a character cannot be written into a header. */
const short = (text: string): string => text.slice(0, MOST_CHARACTERS).toWellFormed();

const UNKNOWN_OUTCOME = 'Whether it was done is not known: repeat the request, with the same Idempotency-Key.';

/** The failure as the handler threw it; or what became of a call that no handler answered. */
export const failureIn = (context: string, { code, details, metadata }: StatusObject): DomainError => {
  const [sent] = metadata.get(METADATA.failure);
  if (sent instanceof Buffer) {
    const { kind, code, message, details } = JSON.parse(sent.toString()) as SentFailure;
    return new DomainError(kind, code, message, details);
  }
  switch (code) {
    case status.DEADLINE_EXCEEDED:
      return new DomainError('unavailable', 'deadline', `${context} did not answer in time. ${UNKNOWN_OUTCOME}`);
    case status.CANCELLED:
    case status.UNAVAILABLE: {
      const message = `${context} cannot be reached. ${UNKNOWN_OUTCOME}`;
      return new DomainError('unavailable', 'context-unavailable', message, { cause: details, retryAfterSeconds: 1 });
    }
    case status.RESOURCE_EXHAUSTED:
      return new DomainError('too-large', 'message-too-large', `This is more than ${context} takes at once.`);
    default:
      return new DomainError('internal', 'call-failed', `A call of ${context} failed (${status[code]}): ${details}`);
  }
};
