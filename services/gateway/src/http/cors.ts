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
    // Tokens come in a header, never in a cookie, so credentials stay off.
    reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
    reply.header('access-control-expose-headers', EXPOSED);
    const method = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || method === undefined) return done();
    reply.header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
    reply.header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*');
    reply.header('access-control-max-age', '7200').code(204).send();
  });
};
