import { Metadata } from '@grpc/grpc-js';
import type { AnswerMarks, CallContext } from '@rapport/kernel';

/** What travels beside the messages. */
export const METADATA = {
  principal: 'rapport-principal',
  correlationId: 'rapport-correlation-id',
  requestId: 'rapport-request-id',
  idempotencyKey: 'rapport-idempotency-key',
  revision: 'rapport-revision',
  consistency: 'rapport-consistency',
  pending: 'rapport-pending',
  traceparent: 'traceparent',
  failure: 'rapport-failure-bin',
  /** Set by gRPC itself on every attempt but the first. */
  earlierAttempts: 'grpc-previous-rpc-attempts',
  /** Tells gRPC not to try again. */
  pushback: 'grpc-retry-pushback-ms',
} as const;

/** What a service must know of a call; `principal` is signed. */
export interface SentCall extends Omit<CallContext, 'principal' | 'answer' | 'signal' | 'repeated'> {
  readonly principal: string;
}

export const callMetadata = (call: SentCall): Metadata => {
  const metadata = new Metadata();
  metadata.set(METADATA.principal, call.principal);
  metadata.set(METADATA.correlationId, call.correlationId);
  if (call.requestId !== undefined) metadata.set(METADATA.requestId, call.requestId);
  if (call.idempotencyKey !== undefined) metadata.set(METADATA.idempotencyKey, call.idempotencyKey);
  if (call.expectedRevision !== undefined) metadata.set(METADATA.revision, String(call.expectedRevision));
  if (call.consistency !== undefined) metadata.set(METADATA.consistency, call.consistency);
  if (call.traceparent !== undefined) metadata.set(METADATA.traceparent, call.traceparent);
  return metadata;
};

type Marks = Pick<CallContext, 'correlationId' | 'requestId' | 'idempotencyKey' | 'expectedRevision' | 'consistency'>;

/** What of all this the gateway signs together with the principal: what decides what is done, and what is noted about it. */
export const signedMarks = ({ correlationId, requestId, idempotencyKey, expectedRevision, consistency }: Marks) => [
  correlationId,
  requestId,
  idempotencyKey,
  expectedRevision,
  consistency,
];

export const textIn = (metadata: Metadata, name: string): string | undefined => {
  const [value] = metadata.get(name);
  return typeof value === 'string' ? value : undefined;
};

/** The circumstances as a handler gets them, without who asks. */
export const receivedCall = (metadata: Metadata, signal: AbortSignal): Omit<CallContext, 'principal'> => {
  const idempotencyKey = textIn(metadata, METADATA.idempotencyKey);
  const requestId = textIn(metadata, METADATA.requestId);
  const revision = textIn(metadata, METADATA.revision);
  const consistency = textIn(metadata, METADATA.consistency);
  const traceparent = textIn(metadata, METADATA.traceparent);
  return {
    correlationId: textIn(metadata, METADATA.correlationId) ?? '',
    signal,
    answer: {},
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(metadata.get(METADATA.earlierAttempts).length === 0 ? {} : { repeated: true }),
    ...(revision === undefined ? {} : { expectedRevision: Number(revision) }),
    ...(consistency === undefined ? {} : { consistency }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};

/** Marks of an answer, or undefined where it has none. */
export const answerMetadata = ({ revision, consistency, pending }: AnswerMarks): Metadata | undefined => {
  if (revision === undefined && consistency === undefined && !pending) return undefined;
  const metadata = new Metadata();
  if (revision !== undefined) metadata.set(METADATA.revision, String(revision));
  if (consistency !== undefined) metadata.set(METADATA.consistency, consistency);
  if (pending) metadata.set(METADATA.pending, 'true');
  return metadata;
};

export const takeMarks = (metadata: Metadata, answer: AnswerMarks): void => {
  const revision = textIn(metadata, METADATA.revision);
  const consistency = textIn(metadata, METADATA.consistency);
  if (revision !== undefined) answer.revision = Number(revision);
  if (consistency !== undefined) answer.consistency = consistency;
  if (textIn(metadata, METADATA.pending) !== undefined) answer.pending = true;
};
