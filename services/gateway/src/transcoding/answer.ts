import type { AnswerMarks } from '@rapport/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimit } from '../rate-limit/rate-limit.js';
import { isKnown, tagOf } from './revision-tag.js';
import { securityHeaders } from '../http/security-headers.js';

/** An answer on its way out. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly marks: AnswerMarks;
  readonly location?: string | undefined;
}

/** Writes an answer with its headers. */
export class AnswerSender {
  constructor(private readonly rateLimit: RateLimit) {}

  /** Headers that every answer to somebody who is signed in has. */
  headers({ exchange }: FastifyRequest): Record<string, string> {
    const headers: Record<string, string> = { ...securityHeaders, 'x-correlation-id': exchange.correlationId };
    const { policyHeader } = this.rateLimit;
    if (policyHeader !== undefined && exchange.grant) {
      headers['ratelimit-policy'] = policyHeader;
      headers['ratelimit'] = this.rateLimit.header(exchange.grant) ?? '';
    }
    return headers;
  }

  send(request: FastifyRequest, reply: FastifyReply, { status, body, marks, location }: Answer): void {
    const headers = this.headers(request);
    const { revision, consistency } = marks;
    if (location !== undefined) headers['location'] = location;
    if (consistency !== undefined) headers['rapport-consistency'] = consistency;
    if (revision !== undefined) headers['etag'] = tagOf(revision);
    if (revision !== undefined && request.method === 'GET' && isKnown(request.headers['if-none-match'], revision)) {
      reply.hijack().raw.writeHead(304, headers).end();
      return;
    }
    const text = JSON.stringify(body);
    headers['content-type'] = 'application/json; charset=utf-8';
    headers['content-length'] = String(Buffer.byteLength(text));
    // Past Fastify's own sending, which would look at every header once more.
    reply.hijack().raw.writeHead(status, headers).end(text);
  }
}
