import type { FieldProblem } from '@rapport/kernel';
import type { Failure } from './failure.js';
import { failureTable } from './failure-table.js';

/** A failure as RFC 9457 writes it, with what Rapport adds. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly code: string;
  readonly errors?: readonly FieldProblem[];
  readonly correlationId?: string;
  readonly traceId?: string;
  readonly retryable: boolean;
  readonly currentRevision?: number;
}

/** Where it happened. */
export interface Occurrence {
  readonly instance: string;
  readonly correlationId: string;
  readonly traceparent?: string;
}

export const problemOf = ({ kind, code, message, details }: Failure, occurrence?: Occurrence): Problem => {
  const { status, title, retryable } = failureTable[kind];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: message,
    instance: occurrence?.instance,
    code,
    errors: details.fields,
    correlationId: occurrence?.correlationId,
    traceId: occurrence?.traceparent?.slice(3, 35),
    retryable,
    currentRevision: details.currentRevision,
  };
};
