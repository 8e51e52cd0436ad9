import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ATTRIBUTES, meter, METRICS } from '@rapport/observability';
import type { GatewayConfig } from '../gateway-config.js';
import { allowOrigins } from './cors.js';
import { Exchange } from './exchange.js';
import { acceptJson } from './json-body.js';
import type { NotFound } from './not-found.js';
import type { ProblemSender } from './send-problem.js';
import { answerUnreadable } from './unreadable-request.js';

/** Slow clients may take this long to send a request, an upload included. */
const REQUEST_TIMEOUT = 10 * 60 * 1000;

/**
 * The HTTP server. Nest puts the gateway's parts together, see `gateway.module.ts`, but does not stand in the way of
 * requests: the hooks of its Fastify adapter cost every request a third of what a bare Fastify takes.
 */
export const createServer = (config: GatewayConfig, problems: ProblemSender, notFound: NotFound): FastifyInstance => {
  const server = fastify({
    bodyLimit: config.bodyLimit,
    logger: false,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    // A failure before any hook has run, such as a malformed address.
    frameworkErrors: (error, request, reply) => failed(error, request, reply),
  });
  const failed = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    request.exchange ??= new Exchange(request);
    problems.send(request, reply, error);
  };
  acceptJson(server);
  server.decorateRequest('exchange');
  allowOrigins(server, config.corsOrigins);
  if (config.publicUrl?.startsWith('https:')) keepToTls(server);
  server.addHook('onRequest', (request, reply, done) => {
    request.exchange = new Exchange(request);
    // Before a body is read that nobody wants.
    if (request.is404) notFound.handler(request, reply);
    else done();
  });
  measure(server);
  server.setErrorHandler(failed);
  server.setNotFoundHandler((request, reply) => notFound.handler(request, reply));
  return server;
};

/** Browsers that have been here once come by TLS alone, whatever somebody types or links to. */
const keepToTls = (server: FastifyInstance): void => {
  server.addHook('onRequest', (_request, { raw }, done) => {
    raw.setHeader('strict-transport-security', 'max-age=31536000');
    done();
  });
};

const duration = meter.histogram(METRICS.httpDuration);

/** Only while telemetry is on: a hook that measures nothing would still be called for every request. */
const measure = (server: FastifyInstance): void => {
  if (!meter.enabled) return;
  server.addHook('onResponse', (request, reply, done) => {
    const { method, route, status } = ATTRIBUTES;
    const url = request.routeOptions.url ?? 'unknown';
    duration.record(reply.elapsedTime / 1000, {
      [method]: request.method,
      [route]: url,
      [status]: reply.raw.statusCode,
    });
    done();
  });
};
