import type { Attempts } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { DomainError, isTenant } from '@rapport/kernel';
import type { Backend } from '@rapport/service-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { callOfGateway } from '../access/call-of-gateway.js';
import { CREDENTIALS } from '../access/credentials.js';
import type { TenantRegions } from '../access/tenant-regions.js';
import type { Begun, ProviderClient } from '../oidc/provider-client.js';
import { deviceOf } from './device-of.js';
import { type Door, guarded } from './door.js';
import type { PublicAddress } from './public-address.js';
import { pageHeaders, securityHeaders } from './security-headers.js';
import type { SessionCookie } from './session-cookie.js';

const PAGE = '/sign-in';
const CALLBACK = '/sign-in/callback';

export interface ProviderParts {
  readonly identity: Backend;
  readonly attempts: Attempts;
  readonly address: PublicAddress;
  readonly cookie: SessionCookie;
  readonly client: ProviderClient;
  readonly door: Door;
  readonly regions: TenantRegions;
  /** Of whoever names none. */
  readonly tenant: string;
}

/** What is kept by the browser while it is at the provider's. */
type Away = Begun & { readonly tenant: string; readonly providerId: string };

/** Signing in by a provider: which there are, the way there, and the way back. */
export const addProviderRoutes = (server: FastifyInstance, parts: ProviderParts): void => {
  const { door } = parts;
  const ways = new ProviderWays(parts);
  server.get('/sign-in/providers', guarded(door, (request, reply) => ways.offer(request, reply)) as never);
  server.get('/sign-in/providers/:id', guarded(door, (request, reply) => ways.leave(request, reply)) as never);
  server.get(CALLBACK, guarded(door, (request, reply) => ways.comeBack(request, reply)) as never);
};

class ProviderWays {
  constructor(private readonly parts: ProviderParts) {}

  async offer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const tenant = this.#tenant(request);
    const data = await this.#ask<identityV1.OfferedProviders>('listOfferedProviders', {}, tenant, request);
    reply.headers(securityHeaders).send(data);
  }

  async leave(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const tenant = this.#tenant(request);
    const { id: providerId } = request.params as { readonly id: string };
    const provider = await this.#provider(providerId, tenant, request);
    const { address, begun } = await this.parts.client.begin(provider, this.#callback);
    const away: Away = { ...begun, tenant, providerId };
    reply
      .code(303)
      .headers(pageHeaders)
      .header('set-cookie', this.parts.cookie.away(Buffer.from(JSON.stringify(away)).toString('base64url')))
      .redirect(address, 303);
  }

  /** Whatever goes wrong here is said on the page for signing in: somebody is looking at it. */
  async comeBack(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { cookie } = this.parts;
    reply.headers(pageHeaders);
    try {
      const { secret, expiresAt } = await this.#finish(request);
      reply.header('set-cookie', [cookie.back, cookie.kept(secret, expiresAt)]).redirect(`${PAGE}#signed-in`, 303);
    } catch (failure) {
      const { code } = this.parts.door.problems.failureOf(request, failure);
      reply.header('set-cookie', cookie.back).redirect(`${PAGE}#${code}`, 303);
    }
  }

  async #finish(request: FastifyRequest): Promise<identityV1.OpenedSession> {
    const away = awayIn(this.parts.cookie.awayIn(request));
    const { tenant, providerId } = away;
    this.parts.regions.refuseOthers(tenant);
    const attempt = this.parts.attempts.begin(`away ${away.state}`, request.ip);
    const provider = await this.#provider(providerId, tenant, request);
    const came = new URL(request.url, this.parts.address.url);
    const said = await this.parts.client.finish(provider, came, away);
    const opened = await this.#ask<identityV1.OpenedSession>(
      'openProvidedSession',
      { ...said, providerId, address: request.ip, device: deviceOf(request) },
      tenant,
      request,
    );
    attempt.succeeded();
    return opened;
  }

  get #callback(): string {
    return `${this.parts.address.url}${CALLBACK}`;
  }

  #provider(id: string, tenant: string, request: FastifyRequest): Promise<identityV1.OfferedProvider> {
    return this.#ask('getOfferedProvider', { id }, tenant, request);
  }

  #tenant({ query }: FastifyRequest): string {
    const { tenant = this.parts.tenant } = query as { readonly tenant?: string };
    if (isTenant(tenant)) {
      this.parts.regions.refuseOthers(tenant);
      return tenant;
    }
    throw new DomainError('not-found', 'unknown-tenant', 'There is no such organisation.');
  }

  async #ask<A>(method: string, asked: object, tenant: string, { exchange }: FastifyRequest): Promise<A> {
    const call = callOfGateway(tenant, undefined, exchange.correlationId);
    return (await this.parts.identity.invoke(CREDENTIALS, method, asked, call)) as A;
  }
}

/** It is the browser's own: whoever changes it deceives nobody else. */
const awayIn = (kept: string | undefined): Away => {
  try {
    const away = JSON.parse(Buffer.from(kept ?? '', 'base64url').toString()) as Away;
    const texts = [away.state, away.nonce, away.verifier, away.providerId, away.tenant];
    if (texts.every((text) => typeof text === 'string' && text !== '') && isTenant(away.tenant)) return away;
  } catch {
    // It is said below.
  }
  throw new DomainError(
    'unauthenticated',
    'sign-in-not-begun',
    'This sign-in was not begun here, or took too long. Begin again at /sign-in.',
  );
};
