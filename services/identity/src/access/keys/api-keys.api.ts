import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import { closestName, recordIdOf, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { apiKey } from '../../domain/api-key/api-key.js';
import { requireGiving, requireGivingRoles } from '../giving.js';
import { Keys, type KnownKey } from './keys.js';
import { knownPermissions, UserRights } from '../rights.js';
import { digestOf, newSecret, prefixOf } from '../secret.js';
import { hasAccess } from '../../domain/user/user.js';

const HOUR = 3_600_000;
const OVERLAP_HOURS = 24;

/** rapport.identity.v1.ApiKeysService */
@Injectable()
export class ApiKeysApi {
  constructor(
    @Inject(Keys) private readonly keys: Keys,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(UserRights) private readonly rights: UserRights,
  ) {}

  async createApiKey(request: identityV1.CreateApiKeyRequest, call: CallContext): Promise<identityV1.ApiKey> {
    const { tenant } = call.principal;
    requireGiving(call, request.userId);
    refuseUnknown(request.permissions);
    const expiresAt = this.keys.expiry(request.expiresAt);
    await this.refuseAbsent(tenant, request.userId);
    await this.keys.refuseTooMany(tenant);
    const id = recordIdOf(call, 'CreateApiKey');
    const secret = newSecret('rapport', tenant, id);
    const { name, userId, permissions } = request;
    const issued = {
      ...{ name, userId, digest: digestOf(secret) },
      ...(permissions.length > 0 && { permissions }),
      ...(expiresAt && { expiresAt }),
    };
    return { ...shown(tenant, await this.keys.issue(id, issued, call)), secret };
  }

  async listApiKeys(
    { userId }: identityV1.ListApiKeysRequest,
    { principal }: CallContext,
  ): Promise<identityV1.ListApiKeysResponse> {
    const filter = userId === undefined ? undefined : where('userId', '=', userId);
    const keys = await this.keys.all(scopeOf(principal, apiKey.aggregate), filter);
    return { data: keys.map((key) => shown(principal.tenant, key)) };
  }

  async rotateApiKey(
    { id, overlapHours }: identityV1.RotateApiKeyRequest,
    call: CallContext,
  ): Promise<identityV1.ApiKey> {
    const { tenant } = call.principal;
    const secret = newSecret('rapport', tenant, id);
    const until = this.runtime.engines.clock.now().getTime() + (overlapHours ?? OVERLAP_HOURS) * HOUR;
    const rotated = { digest: digestOf(secret), formerUntil: new Date(until).toISOString() };
    const key = await this.keys.run(id, 'RotateApiKey', call, (state, at) => {
      if (state?.userId !== undefined) requireGiving(call, state.userId);
      else if (state) requireGivingRoles(call, state.roles ?? []);
      return apiKey.decide.rotate(state, rotated, at);
    });
    return { ...shown(tenant, key), secret };
  }

  async revokeApiKey({ id }: identityV1.RevokeApiKeyRequest, call: CallContext): Promise<identityV1.ApiKey> {
    return shown(call.principal.tenant, await this.keys.revoke(id, call));
  }

  private async refuseAbsent(tenant: string, userId: string): Promise<void> {
    const user = await this.rights.user(tenant, userId);
    if (hasAccess(user)) return;
    const message = user
      ? `The user ${userId} was deactivated. Activate the user first.`
      : `There is no user ${userId}. Check the id, or list them.`;
    const code = user ? 'user-deactivated' : 'user-not-found';
    throw new DomainError('invalid', code, message, { fields: [{ pointer: '/userId', code, message }] });
  }
}

const refuseUnknown = (permissions: readonly string[]): void => {
  const n = permissions.findIndex((permission) => !knownPermissions.includes(permission));
  if (n < 0) return;
  const meant = closestName(permissions[n]!, knownPermissions);
  const message = `There is no permission "${permissions[n]}".${meant ? ` Did you mean "${meant}"?` : ''}`;
  const fields = [{ pointer: `/permissions/${n}`, code: 'unknown-value', message }];
  throw new DomainError('invalid', 'unknown-permission', message, { fields });
};

const shown = (tenant: string, { id, former, ...key }: KnownKey): identityV1.ApiKey => ({
  ...{ id, name: key.name, userId: key.userId ?? '', revoked: key.revoked, createdAt: key.createdAt },
  prefix: prefixOf('rapport', tenant, id),
  permissions: [...(key.permissions ?? [])],
  roles: [...(key.roles ?? [])],
  expiresAt: key.expiresAt,
  lastUsedOn: key.usedOn,
  formerUntil: former?.until ?? key.formerUntil,
  secret: undefined,
});
