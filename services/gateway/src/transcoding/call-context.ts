import { type CallContext, DomainError } from '@rapport/kernel';
import { currentTraceparent } from '@rapport/observability';
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { expectedRevision } from './revision-tag.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const CONSISTENCY = /^[\x21-\x7e]{1,1024}$/;

/** What surrounds a call, from the request's headers. */
export const callContextOf = ({ headers, method, exchange }: FastifyRequest, signal?: AbortSignal): CallContext => ({
  principal: exchange.grant!.principal,
  correlationId: exchange.correlationId,
  idempotencyKey: method === 'GET' ? undefined : idempotencyKey(headers),
  expectedRevision: expectedRevision(headers['if-match']),
  consistency: matching(headers['rapport-consistency'], CONSISTENCY, 'malformed-consistency', CONSISTENCY_HINT),
  traceparent: currentTraceparent() ?? exchange.traceparent,
  signal,
  answer: {},
});

const KEY_HINT = 'Idempotency-Key must be 1 to 255 visible characters, such as a UUID.';
const CONSISTENCY_HINT = 'Rapport-Consistency must be sent back as an earlier answer gave it.';

const idempotencyKey = (headers: IncomingHttpHeaders): string | undefined =>
  matching(headers['idempotency-key'], KEY, 'malformed-idempotency-key', KEY_HINT);

const matching = (
  value: string | string[] | undefined,
  pattern: RegExp,
  code: string,
  hint: string,
): string | undefined => {
  if (value === undefined || (typeof value === 'string' && pattern.test(value))) return value;
  throw new DomainError('invalid', code, hint, { fields: [{ pointer: '', code, message: hint }] });
};
