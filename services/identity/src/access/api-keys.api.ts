import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf, scopeOf } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, type Decision, DomainError, instantOf } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import { closestName, recordIdOf, RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type ApiKey, apiKey, type ApiKeyEvent, type ApiKeyState } from '../domain/api-key/api-key.js';
import { type ApiKeyDocument, apiKeyList } from '../read-models/api-key-list.js';
import { requireGiving } from './giving.js';
import { knownPermissions, UserRights } from './rights.js';
import { digestOf, newSecret, prefixOf } from './secret.js';

/** Valid ones, of one tenant. */
const MOST_KEYS = 1_000;
const CAUGHT_UP_WITHIN_MILLISECONDS = 5_000;
const HOUR = 3_600_000;
const OVERLAP_HOURS = 24;

type Decide = (state: ApiKeyState, at: Circumstances) => Decision<ApiKeyEvent>;

/** rapport.identity.v1.ApiKeysService */
@Injectable()
export class ApiKeysApi {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(UserRights) private readonly rights: UserRights,
  ) {}

  async createApiKey(request: identityV1.CreateApiKeyRequest, call: CallContext): Promise<identityV1.ApiKey> {
    const { tenant } = call.principal;
    requireGiving(call, request.userId);
    refuseUnknown(request.permissions);
    const expiresAt = this.expiry(request.expiresAt);
    await this.refuseAbsent(tenant, request.userId);
    await this.refuseTooMany(tenant);
    const id = recordIdOf(call, 'CreateApiKey');
    const secret = newSecret('rapport', tenant, id);
    const { name, userId, permissions } = request;
    const issued = {
      ...{ name, userId, digest: digestOf(secret) },
      ...(permissions.length > 0 && { permissions }),
      ...(expiresAt && { expiresAt }),
    };
    const key = await this.run(id, 'CreateApiKey', call, (state, at) => apiKey.decide.issue(state, issued, at));
    return { ...key, secret };
  }

  async listApiKeys(
    { userId }: identityV1.ListApiKeysRequest,
    call: CallContext,
  ): Promise<identityV1.ListApiKeysResponse> {
    const { tenant } = call.principal;
    const scope = scopeOf(call.principal, apiKey.aggregate);
    const documents = await this.list();
    const data: identityV1.ApiKey[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Awaited<ReturnType<typeof documents.query>> = await documents.query(scope, {
        limit: 200,
        sort: [{ field: 'createdAt', descending: true }],
        ...(userId !== undefined && { filter: where('userId', '=', userId) }),
        ...(cursor && { cursor }),
      });
      data.push(...page.documents.map((document) => shown(tenant, document)));
      cursor = page.next;
    }
    return { data };
  }

  async rotateApiKey(
    { id, overlapHours }: identityV1.RotateApiKeyRequest,
    call: CallContext,
  ): Promise<identityV1.ApiKey> {
    const secret = newSecret('rapport', call.principal.tenant, id);
    const until = this.runtime.engines.clock.now().getTime() + (overlapHours ?? OVERLAP_HOURS) * HOUR;
    const rotated = { digest: digestOf(secret), formerUntil: new Date(until).toISOString() };
    const key = await this.run(id, 'RotateApiKey', call, (state, at) => {
      if (state) requireGiving(call, state.userId);
      return apiKey.decide.rotate(state, rotated, at);
    });
    return { ...key, secret };
  }

  revokeApiKey({ id }: identityV1.RevokeApiKeyRequest, call: CallContext): Promise<identityV1.ApiKey> {
    return this.run(id, 'RevokeApiKey', call, (state, at) => apiKey.decide.revoke(state, {}, at));
  }

  private async run(id: string, name: string, call: CallContext, decide: Decide): Promise<identityV1.ApiKey> {
    // Secrets are drawn anew: what comes again under an Idempotency-Key is another one, and must not pass for the first.
    const { idempotencyKey: _, ...once } = call;
    const order = { decider: apiKey, id, steps: [{ name, input: id, decide }], call: once };
    const { state, createdAt } = await this.commands.execute(new RunCommand<ApiKeyState, ApiKeyEvent>(order));
    return shown(call.principal.tenant, { ...(state as ApiKey), id, createdAt });
  }

  private async list() {
    const list = this.runtime.projection(apiKeyList);
    await list.reach(await this.runtime.events.end(), CAUGHT_UP_WITHIN_MILLISECONDS);
    return list.documents;
  }

  private async refuseAbsent(tenant: string, userId: string): Promise<void> {
    const user = await this.rights.user(tenant, userId);
    if (user && !user.archived) return;
    const message = user
      ? `The user ${userId} was deactivated. Activate the user first.`
      : `There is no user ${userId}. Check the id, or list them.`;
    const code = user ? 'user-deactivated' : 'user-not-found';
    throw new DomainError('invalid', code, message, { fields: [{ pointer: '/userId', code, message }] });
  }

  private async refuseTooMany(tenant: string): Promise<void> {
    const valid = await (await this.list()).count(everythingOf(tenant), where('revoked', '=', false));
    if (valid < MOST_KEYS) return;
    const message = `There are ${MOST_KEYS} API keys, as many as a tenant may have. Revoke those that nobody uses.`;
    throw new DomainError('conflict', 'too-many-keys', message);
  }

  private expiry(expiresAt: string | undefined): string | undefined {
    if (expiresAt === undefined) return undefined;
    const at = instantOf(expiresAt);
    if (at > this.runtime.engines.clock.now()) return at.toISOString();
    const message = `A key that expires at ${expiresAt} could never be used. Give a time to come, or none.`;
    const fields = [{ pointer: '/expiresAt', code: 'already-expired', message }];
    throw new DomainError('invalid', 'already-expired', message, { fields });
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

type Shown = Omit<ApiKey, 'digest'> & Pick<ApiKeyDocument, 'id' | 'createdAt' | 'formerUntil'>;

const shown = (tenant: string, { id, former, ...key }: Shown): identityV1.ApiKey => ({
  ...{ id, name: key.name, userId: key.userId, revoked: key.revoked, createdAt: key.createdAt },
  prefix: prefixOf('rapport', tenant, id),
  permissions: [...(key.permissions ?? [])],
  expiresAt: key.expiresAt,
  lastUsedOn: key.usedOn,
  formerUntil: former?.until ?? key.formerUntil,
  secret: undefined,
});
