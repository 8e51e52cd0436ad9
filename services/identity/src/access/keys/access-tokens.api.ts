import { Inject, Injectable } from '@nestjs/common';
import { OPERATOR, roles as knownRoles, scopeOf } from '@rapport/access';
import type { accessV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { recordIdOf } from '@rapport/service-kit';
import { apiKey } from '../../domain/api-key/api-key.js';
import { requireGivingRoles } from '../giving.js';
import { Keys, type KnownKey } from './keys.js';
import { digestOf, newSecret } from '../secret.js';

/** rapport.access.v1.AccessTokensService: keys that belong to no user and have roles of their own. */
@Injectable()
export class AccessTokensApi {
  constructor(@Inject(Keys) private readonly keys: Keys) {}

  async createAccessToken(
    request: accessV1.CreateAccessTokenRequest,
    call: CallContext,
  ): Promise<accessV1.AccessToken> {
    const { name, roles, tenant = call.principal.tenant } = request;
    refuseUnknownRoles(roles);
    refuseForeign(call, tenant);
    requireGivingRoles(call, roles);
    await this.keys.refuseTooMany(tenant);
    const expiresAt = this.keys.expiry(request.expiresAt);
    const id = recordIdOf(call, 'CreateAccessToken');
    const secret = newSecret('rapport', tenant, id);
    const issued = { name, roles, digest: digestOf(secret), ...(expiresAt && { expiresAt }) };
    const there = { ...call, principal: { ...call.principal, tenant } };
    return { ...shown(tenant, await this.keys.issue(id, issued, there)), secret };
  }

  async listAccessTokens(
    _request: accessV1.ListAccessTokensRequest,
    { principal }: CallContext,
  ): Promise<accessV1.ListAccessTokensResponse> {
    const keys = await this.keys.all(scopeOf(principal, apiKey.aggregate));
    const tokens = keys.filter(({ roles }) => roles !== undefined).reverse();
    return { data: tokens.map((key) => shown(principal.tenant, key)) };
  }

  async revokeAccessToken({ id }: accessV1.RevokeAccessTokenRequest, call: CallContext): Promise<accessV1.AccessToken> {
    await this.token(id, call);
    await this.keys.revoke(id, call);
    return shown(call.principal.tenant, await this.token(id, call));
  }

  private async token(id: string, { principal }: CallContext): Promise<KnownKey> {
    const key = await this.keys.one(scopeOf(principal, apiKey.aggregate), id);
    if (key?.roles) return key;
    throw new DomainError(
      'not-found',
      'unknown-token',
      `There is no access token ${id}. GET /v1/access-tokens lists those that there are.`,
    );
  }
}

const shown = (tenant: string, key: KnownKey): accessV1.AccessToken => ({
  ...{ id: key.id, name: key.name, tenant, roles: [...(key.roles ?? [])], createdAt: key.createdAt },
  expiresAt: key.expiresAt,
  revokedAt: key.revokedAt,
  secret: undefined,
});

const refuseUnknownRoles = (roles: readonly string[]): void => {
  const unknown = roles.find((role) => !Object.hasOwn(knownRoles, role));
  if (unknown === undefined) return;
  const message = `There is no role "${unknown.slice(0, 50)}". There are: ${Object.keys(knownRoles).join(', ')}.`;
  const fields = [{ pointer: `/roles/${roles.indexOf(unknown)}`, code: 'unknown-value', message }];
  throw new DomainError('invalid', 'unknown-role', message, { fields });
};

/** Only an operator reaches beyond the own tenant. */
const refuseForeign = ({ principal }: CallContext, tenant: string): void => {
  if (tenant === principal.tenant || principal.roles.includes(OPERATOR)) return;
  throw new DomainError(
    'forbidden',
    'foreign-tenant',
    'Only an operator may issue tokens for another tenant. Leave out the tenant, or ask one.',
  );
};
