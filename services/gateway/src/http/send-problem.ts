import type { Logger } from '@rapport/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Failure, failureOf } from '../problems/failure.js';
import { problemOf } from '../problems/problem.js';
import { pathOf } from './exchange.js';
import { securityHeaders } from './security-headers.js';

/** Answers with a problem. The text of an unexpected error goes to the log, never to the client. */
export class ProblemSender {
  constructor(private readonly logger: Logger) {}

  send(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    const failure = this.failureOf(request, error);
    const { correlationId, traceparent } = request.exchange;
    const occurrence = { instance: pathOf(request), correlationId };
    const problem = problemOf(failure, traceparent === undefined ? occurrence : { ...occurrence, traceparent });
    const { currentRevision, retryAfterSeconds } = failure.details;
    reply.code(problem.status).headers(securityHeaders).header('x-correlation-id', correlationId);
    if (retryAfterSeconds !== undefined || problem.retryable)
      reply.header('retry-after', String(retryAfterSeconds ?? 1));
    if (currentRevision !== undefined) reply.header('etag', `"${currentRevision}"`);
    if (failure.kind === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="rapport"');
    reply.type('application/problem+json').send(JSON.stringify(problem));
  }

  /** What may be said of an error; the log has the rest of what nobody expected. */
  failureOf(request: FastifyRequest, error: unknown): Failure {
    const failure = failureOf(error);
    if (failure.kind === 'internal') {
      const { correlationId, grant } = request.exchange;
      const fields = { correlationId, method: request.method, route: request.routeOptions.url };
      this.logger.error('A request failed', { ...fields, tenant: grant?.principal.tenant }, error);
    }
    return failure;
  }
}
