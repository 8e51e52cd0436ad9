import type { FastifyInstance } from 'fastify';

const EXPOSED =
  'ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Rapport-Consistency, X-Correlation-Id, Content-Disposition';

/** Lets pages of the named origins call the API. Without any, browsers keep everybody else's pages out. */
export const allowOrigins = (server: FastifyInstance, origins: readonly string[]): void => {
  if (origins.length === 0) return;
  const allowed = new Set(origins);
  server.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (origin === undefined || !(allowed.has('*') || allowed.has(origin))) return done();
    const { raw } = reply;
    // Tokens come in a header, never in a cookie, so credentials stay off.
    raw.setHeader('access-control-allow-origin', origin);
    raw.setHeader('access-control-expose-headers', EXPOSED);
    raw.setHeader('vary', 'Origin');
    const method = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || method === undefined) return done();
    raw.setHeader('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
    raw.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*');
    raw.setHeader('access-control-max-age', '7200');
    reply.code(204).send();
  });
};
