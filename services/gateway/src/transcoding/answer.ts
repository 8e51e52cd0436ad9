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
  headers(request: FastifyRequest): Record<string, string> {
    const names = this.#names(request);
    const headers: Record<string, string> = {};
    for (let i = 0; i < names.length; i += 2) headers[names[i]!] = names[i + 1]!;
    return headers;
  }

  send(request: FastifyRequest, reply: FastifyReply, { status, body, marks, location }: Answer): void {
    const headers = this.#names(request);
    const { revision, consistency } = marks;
    if (location !== undefined) headers.push('location', location);
    if (consistency !== undefined) headers.push('rapport-consistency', consistency);
    if (revision !== undefined) headers.push('etag', tagOf(revision));
    // Past Fastify's own sending, which would look at every header once more.
    const { raw } = reply.hijack();
    if (revision !== undefined && request.method === 'GET' && isKnown(request.headers['if-none-match'], revision)) {
      raw.writeHead(304, headers).end();
      return;
    }
    const text = JSON.stringify(body);
    headers.push('content-type', 'application/json; charset=utf-8', 'content-length', String(Buffer.byteLength(text)));
    raw.writeHead(status, headers).end(text);
  }

  /** The same, names and values in turn: the form that Node takes fastest. */
  #names({ exchange }: FastifyRequest): string[] {
    const { policyHeader } = this.rateLimit;
    const headers = [...SECURITY, 'x-correlation-id', exchange.correlationId];
    if (policyHeader !== undefined && exchange.grant)
      headers.push('ratelimit-policy', policyHeader, 'ratelimit', this.rateLimit.header(exchange.grant) ?? '');
    return headers;
  }
}

const SECURITY = Object.entries(securityHeaders).flat();
