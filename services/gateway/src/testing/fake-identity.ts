import { hash, randomBytes } from 'node:crypto';
import { permissionsOf, roles as knownRoles } from '@rapport/access';
import { type accessV1, identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError, newId } from '@rapport/kernel';
import { type Backend, methodPermissions } from '@rapport/service-kit';
import type { Context } from '../gateway-options.js';
import { FakeBackend, FakeFeed } from './fake-context.js';

const known = [...new Set(methodPermissions.values())].filter((permission) => permission !== undefined);
const digestOf = (secret: string): string => hash('sha256', secret, 'hex');

interface Token extends accessV1.AccessToken {
  readonly digest: string;
}

/** Identity as far as a gateway needs it to let somebody in by a token; what lies behind it answers the rest. */
export class FakeIdentity {
  readonly #tokens = new Map<string, Token>();

  readonly #own = new FakeBackend({
    'identity.v1.CredentialsService.resolve': async ({ digest }: identityV1.ResolveRequest) => this.#resolved(digest),
    'identity.v1.CredentialsService.ensureAdministrator': async (
      { digest }: identityV1.EnsureAdministratorRequest,
      { principal: { tenant } }: CallContext,
    ) => this.#ensured(tenant, digest),
    'access.v1.AccessTokensService.createAccessToken': async (
      { name, roles, tenant, expiresAt }: accessV1.CreateAccessTokenRequest,
      { principal }: CallContext,
    ) => this.#issued({ name, roles, tenant: tenant ?? principal.tenant, expiresAt }, newSecret()),
    'access.v1.AccessTokensService.revokeAccessToken': async ({ id }: accessV1.RevokeAccessTokenRequest) => {
      const token = this.#tokens.get(id)!;
      this.#tokens.set(id, { ...token, revokedAt: '2026-01-01T00:00:00.000Z' });
      return shown(token);
    },
    'events.v1.ContextEventsService.pullEvents': (request: never, call) => new FakeFeed('identity').pull(request, call),
  });

  /** @param behind answers what is not about tokens */
  context(behind?: Backend): Context {
    const services = new Set([...this.#own.services, ...(behind?.services ?? [])]);
    const invoke: Backend['invoke'] = (service, method, request, call) =>
      behind && !this.#isMine(service, method, request)
        ? behind.invoke(service, method, request, call)
        : this.#own.invoke(service, method, request, call);
    return { name: 'identity', importKinds: [], backend: { services, invoke } };
  }

  #isMine(service: string, method: string, request: object): boolean {
    if (method === 'resolve') return this.#find((request as identityV1.ResolveRequest).digest) !== undefined;
    return method === 'ensureAdministrator' || service === 'rapport.access.v1.AccessTokensService';
  }

  #find(digest: string): Token | undefined {
    return [...this.#tokens.values()].find((token) => token.digest === digest);
  }

  #resolved(digest: string): identityV1.Credential {
    const token = this.#find(digest);
    if (!token) return identityV1.Credential.fromPartial({ state: 'unknown' });
    const { id, tenant, name, roles, expiresAt, revokedAt } = token;
    const permissions = [...permissionsOf({ roles }, known)];
    const found = { id, tenant, name, roles, permissions, ...(expiresAt && { expiresAt }) };
    return identityV1.Credential.fromPartial({ ...found, state: revokedAt ? 'ended' : 'valid' });
  }

  #ensured(tenant: string, digest: string | undefined): identityV1.EnsuredAdministrator {
    const first = this.#tokens.size === 0;
    const secret = newSecret();
    const asked = { name: 'Administrator', roles: ['administrator', 'operator'], tenant, expiresAt: undefined };
    if (digest === undefined && first) this.#issued(asked, secret);
    if (digest !== undefined && !this.#find(digest)) this.#issued(asked, secret, digest);
    return { first, secret: first && digest === undefined ? secret : undefined };
  }

  #issued(
    asked: Pick<Token, 'name' | 'roles' | 'tenant' | 'expiresAt'>,
    secret: string,
    digest = digestOf(secret),
  ): accessV1.AccessToken {
    if (asked.roles.some((role) => !Object.hasOwn(knownRoles, role)))
      throw new DomainError('invalid', 'unknown-role', 'There is no such role.');
    const token = { ...asked, id: newId(), createdAt: '2026-01-01T00:00:00.000Z', revokedAt: undefined, digest };
    this.#tokens.set(token.id, { ...token, secret: undefined });
    return { ...shown(token), secret };
  }
}

const newSecret = (): string => `rapport_${randomBytes(24).toString('base64url')}`;

const shown = ({ digest: _, ...token }: Omit<Token, 'secret'>): accessV1.AccessToken => ({
  ...token,
  secret: undefined,
});
