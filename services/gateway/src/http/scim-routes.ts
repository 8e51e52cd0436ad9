import { requirePermission } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import type { Backend } from '@rapport/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failureTable } from '../problems/failure-table.js';
import type { Door } from './door.js';
import type { PublicAddress } from './public-address.js';
import { securityHeaders } from './security-headers.js';

const SERVICE = 'rapport.identity.v1.ScimService';
const PERMISSION = 'provisioning.write';
const BEGINS = '/scim/v2';
const SCIM_TYPE = 'application/scim+json';

export interface ScimParts {
  readonly identity: Backend;
  readonly address: PublicAddress;
  readonly door: Door;
}

/** SCIM has paths, bodies and errors of its own: requests are handed to identity as they are, once it is known who comes. */
export const addScimRoutes = (server: FastifyInstance, { identity, address, door }: ScimParts): void => {
  const fail = (request: FastifyRequest, reply: FastifyReply, error: unknown): void => {
    const { kind, message, details } = door.problems.failureOf(request, error);
    if (details.retryAfterSeconds !== undefined) reply.header('retry-after', String(details.retryAfterSeconds));
    if (kind === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="rapport"');
    send(request, reply, failureTable[kind].status, errorOf(failureTable[kind].status, message));
  };
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const asked = askedOf(request, `${address.url}${BEGINS}`);
    const { grant, correlationId, traceparent } = request.exchange;
    const call = { principal: grant!.principal, correlationId, ...(traceparent && { traceparent }), answer: {} };
    requirePermission(call.principal, PERMISSION);
    const method = reads(asked) ? 'getScim' : 'changeScim';
    const { status, body, location, etag } = (await identity.invoke(
      SERVICE,
      method,
      asked,
      call,
    )) as identityV1.ScimAnswer;
    if (location !== undefined) reply.header('location', location);
    if (etag !== undefined) reply.header('etag', etag);
    return send(request, reply, status, body);
  };
  void server.register(async (scim) => {
    scim.removeAllContentTypeParsers();
    scim.addContentTypeParser([SCIM_TYPE, 'application/json'], { parseAs: 'string' }, (_request, body, done) => {
      done(null, body);
    });
    scim.setErrorHandler((error, request, reply) => fail(request, reply, error));
    for (const url of [BEGINS, `${BEGINS}/*`])
      scim.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url, onRequest: door.signIn.hook, handler });
  });
};

const askedOf = ({ method, url, params, body, headers }: FastifyRequest, base: string): identityV1.ScimRequest => {
  const question = url.indexOf('?');
  return {
    ...{ method, base },
    path: `/${(params as Record<string, string>)['*'] ?? ''}`,
    query: question < 0 ? '' : url.slice(question + 1),
    body: typeof body === 'string' ? body : '',
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
  };
};

const reads = ({ method, path }: identityV1.ScimRequest): boolean => method === 'GET' || path.endsWith('/.search');

const send = (request: FastifyRequest, reply: FastifyReply, status: number, body: string): FastifyReply => {
  reply.code(status).headers(securityHeaders).header('x-correlation-id', request.exchange.correlationId);
  return body === '' ? reply.send() : reply.type(SCIM_TYPE).send(body);
};

const errorOf = (status: number, detail: string): string =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail });
