import { givesRights, everythingOf, type Scope, scopeOf } from '@rapport/access';
import type { accessV1 } from '@rapport/contracts';
import { WrongExpectedRevision } from '@rapport/event-store';
import { type CallContext, type Clock, DomainError, idFrom, instantOf, newId, type Principal } from '@rapport/kernel';
import { type AccessTokens, newSecret } from './access-tokens.js';
import type { TenantRegions } from './tenant-regions.js';
import type { Credentials } from './credentials.js';
import type { TokenGrant } from './token-grant.js';
import { OPERATOR, roles as knownRoles } from '@rapport/access';

/** Valid ones, of one tenant. */
const MOST_TOKENS = 1_000;

/** rapport.access.v1.AccessService, served by the gateway itself. */
export class AccessService {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly credentials: Credentials,
    private readonly regions: TenantRegions,
    private readonly clock: Clock,
  ) {}

  async getMe(_request: accessV1.GetMeRequest, { principal }: CallContext): Promise<accessV1.Me> {
    const { tenant, actor, roles } = principal;
    const grant = this.tokens.get(everythingOf(tenant), actor.id) ?? this.credentials.get(tenant, actor.id);
    const permissions = [...(grant?.permissions ?? [])];
    return {
      tenant,
      actor: { onBehalfOf: undefined, ...actor },
      name: grant?.name ?? '',
      roles: [...roles],
      permissions,
    };
  }

  async createAccessToken(
    request: accessV1.CreateAccessTokenRequest,
    call: CallContext,
  ): Promise<accessV1.AccessToken> {
    const { principal, correlationId, idempotencyKey } = call;
    const { name, roles, tenant = principal.tenant, expiresAt } = request;
    refuseUnknownRoles(roles);
    refuseForeign(call, tenant, roles);
    this.regions.refuseOthers(tenant);
    refuseMoreThanGiven(call);
    this.#refuseTooMany(tenant);
    this.#refuseExpired(expiresAt);
    const id =
      idempotencyKey === undefined ? newId() : idFrom(principal.tenant, principal.actor.id, 'token', idempotencyKey);
    const secret = newSecret();
    try {
      const token = { id, tenant, secret, name, roles, ...(expiresAt === undefined ? {} : { expiresAt }) };
      const grant = await this.tokens.issue(token, { actor: principal.actor, correlationId });
      return { ...shown(grant), secret };
    } catch (error) {
      throw error instanceof WrongExpectedRevision ? alreadyIssued(id) : error;
    }
  }

  #refuseTooMany(tenant: string): void {
    const valid = this.tokens.of(everythingOf(tenant)).filter(({ revokedAt }) => revokedAt === undefined);
    if (valid.length < MOST_TOKENS) return;
    const message = `There are ${MOST_TOKENS} access tokens, as many as a tenant may have. Revoke those that nobody uses.`;
    throw new DomainError('conflict', 'too-many-tokens', message);
  }

  #refuseExpired(expiresAt: string | undefined): void {
    if (expiresAt === undefined || instantOf(expiresAt) > this.clock.now()) return;
    const message = `A token that expires at ${expiresAt} could never be used. Give a time to come, or none.`;
    const fields = [{ pointer: '/expiresAt', code: 'already-expired', message }];
    throw new DomainError('invalid', 'already-expired', message, { fields });
  }

  async listAccessTokens(
    _request: accessV1.ListAccessTokensRequest,
    { principal }: CallContext,
  ): Promise<accessV1.ListAccessTokensResponse> {
    return { data: this.tokens.of(tokensFor(principal)).map(shown) };
  }

  async revokeAccessToken({ id }: accessV1.RevokeAccessTokenRequest, call: CallContext): Promise<accessV1.AccessToken> {
    const { principal, correlationId } = call;
    const grant = this.tokens.get(tokensFor(principal), id);
    if (!grant) throw new DomainError('not-found', 'unknown-token', `There is no access token ${id}.`);
    await this.tokens.revoke(grant, { actor: principal.actor, correlationId });
    return shown(grant);
  }
}

const tokensFor = (principal: Principal): Scope => scopeOf(principal, 'accessToken');

const shown = ({ id, name, principal, createdAt, expiresAt, revokedAt }: TokenGrant): accessV1.AccessToken => ({
  id,
  name,
  tenant: principal.tenant,
  roles: [...principal.roles],
  createdAt,
  expiresAt,
  revokedAt,
  secret: undefined,
});

/** A token may have any role. */
const refuseMoreThanGiven = ({ principal: { policy } }: CallContext): void => {
  if (!policy || givesRights(policy)) return;
  const message =
    'A token may do what any role lets it do, and your roles do not let you give roles. Issue an API key instead.';
  throw new DomainError('forbidden', 'not-yours-to-give', message);
};

const refuseUnknownRoles = (roles: readonly string[]): void => {
  const unknown = roles.find((role) => !Object.hasOwn(knownRoles, role));
  if (unknown === undefined) return;
  const message = `There is no role "${unknown.slice(0, 50)}". There are: ${Object.keys(knownRoles).join(', ')}.`;
  const fields = [{ pointer: `/roles/${roles.indexOf(unknown)}`, code: 'unknown-value', message }];
  throw new DomainError('invalid', 'unknown-role', message, { fields });
};

/** Only an operator reaches beyond the own tenant, or makes another operator. */
const refuseForeign = ({ principal }: CallContext, tenant: string, roles: readonly string[]): void => {
  if (principal.roles.includes(OPERATOR)) return;
  if (tenant !== principal.tenant)
    throw new DomainError('forbidden', 'foreign-tenant', 'Only an operator may issue tokens for another tenant.');
  if (roles.includes(OPERATOR))
    throw new DomainError('forbidden', 'operator-only', 'Only an operator may make another operator.');
};

const alreadyIssued = (id: string): DomainError =>
  new DomainError(
    'conflict',
    'already-issued',
    `This Idempotency-Key has issued token ${id} before, and its secret was shown then. Revoke it and use another key.`,
  );
