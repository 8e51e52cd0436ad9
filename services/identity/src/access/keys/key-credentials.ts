import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { OPERATOR, permissionsOf, SELF } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, DomainError, idFrom } from '@rapport/kernel';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type ApiKey, apiKey, type ApiKeyEvent, hasEnded, opens } from '../../domain/api-key/api-key.js';
import { stateIn } from '../../state-of.js';
import { Keys } from './keys.js';
import { NamelessSecrets } from './nameless-secrets.js';
import { nobody, type Resolved, somebody } from '../resolved.js';
import { knownPermissions, type Rights, UserRights } from '../rights.js';
import { digestOf, isSame, newSecret } from '../secret.js';

/** Who comes with a key, and the first of all keys. */
@Injectable()
export class KeyCredentials {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(UserRights) private readonly rights: UserRights,
    @Inject(Keys) private readonly keys: Keys,
    @Inject(NamelessSecrets) private readonly nameless: NamelessSecrets,
  ) {}

  /** @param id empty where the secret does not say which key it opens */
  async resolve(id: string, digest: string, call: CallContext): Promise<Resolved> {
    const named = { tenant: call.principal.tenant, keyId: id };
    const place = id === '' ? await this.nameless.find(digest) : named;
    if (!place) return nobody('unknown');
    const { tenant, keyId } = place;
    const key = await stateIn(this.runtime.events, apiKey, tenant, keyId);
    if (!key || !opens(key, digest, this.now, isSame)) return nobody('unknown');
    const rights = hasEnded(key, this.now) ? undefined : await this.rightsOf(tenant, key);
    if (!rights) return nobody('ended');
    await this.noteUse(keyId, key, this.now.slice(0, 10), { ...call, principal: { ...call.principal, tenant } });
    const { name, userId, expiresAt } = key;
    return somebody({ tenant, id: keyId, name, userId: userId ?? '', expiresAt }, rights);
  }

  /** Its own, or those of its user, of whom it may be narrowed. */
  private async rightsOf(tenant: string, key: ApiKey): Promise<Omit<Rights, 'name'> | undefined> {
    if (key.userId === undefined) {
      const roles = key.roles ?? [];
      return { roles, permissions: [...permissionsOf({ roles }, knownPermissions)] };
    }
    const rights = await this.rights.of(tenant, key.userId);
    const isLeft = (each: string): boolean => each === SELF || (key.permissions?.includes(each) ?? true);
    return rights && { ...rights, permissions: rights.permissions.filter(isLeft) };
  }

  /** Works on every start, however often it is asked for, until the key is revoked. */
  async ensureAdministrator(
    { digest }: identityV1.EnsureAdministratorRequest,
    call: CallContext,
  ): Promise<identityV1.EnsuredAdministrator> {
    const { tenant } = call.principal;
    // A workspace that was deleted has no way in any more, whatever the configuration says.
    if (this.runtime.engines.keys.isGone(tenant)) return { first: false, secret: undefined };
    const first = !(await this.keys.hasAny(tenant));
    if (digest === undefined && !first) return { first, secret: undefined };
    // Two gateways that start together make it once.
    const id = idFrom('administrator', tenant, digest ?? 'first');
    const secret = digest === undefined ? newSecret('rapport', tenant, id) : undefined;
    const isNew = await this.issued(id, digest ?? digestOf(secret!), call);
    if (digest !== undefined) await this.nameless.place(digest, { tenant, keyId: id }, call);
    return isNew ? { first, secret } : { first: false, secret: undefined };
  }

  private async issued(id: string, digest: string, call: CallContext): Promise<boolean> {
    try {
      await this.keys.issue(id, { name: 'Administrator', roles: ['administrator', OPERATOR], digest }, call);
      return true;
    } catch (failure) {
      if (failure instanceof DomainError && failure.code === 'already-issued') return false;
      throw failure;
    }
  }

  private get now(): string {
    return this.runtime.engines.clock.now().toISOString();
  }

  /**
   * Coarse on purpose: one fact a day is enough to see which keys nobody needs. That somebody comes in does not depend on it: on a
   * full disk people still read.
   */
  private async noteUse(id: string, { usedOn = '' }: ApiKey, on: string, call: CallContext): Promise<void> {
    if (usedOn >= on) return;
    const decide = (state: ApiKey | null, at: Circumstances) => apiKey.decide.use(state, { on }, at);
    const { principal, correlationId } = call;
    const once = { principal, correlationId, answer: {} };
    const order = { decider: apiKey, id, steps: [{ name: 'UseApiKey', input: on, decide }], call: once };
    try {
      await this.commands.execute(new RunCommand<ApiKey | null, ApiKeyEvent>(order));
    } catch (failure) {
      this.runtime.engines.logger.warn('The use of a key could not be noted', { key: id }, failure);
    }
  }
}
