import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { SELF } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { type CallContext, fold } from '@rapport/kernel';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type ApiKey, apiKey, type ApiKeyEvent, hasEnded, opens } from '../domain/api-key/api-key.js';
import { UserRights } from './rights.js';
import { isSame } from './secret.js';

const nobody = (state: 'unknown' | 'ended'): identityV1.Credential => ({
  ...{ state, name: '', userId: '', roles: [], permissions: [] },
});

/** Tells the gateway who comes with a secret, from the events themselves: what has ended has ended. */
@Injectable()
export class CredentialsApi {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(UserRights) private readonly rights: UserRights,
  ) {}

  async resolve({ id, digest }: identityV1.ResolveRequest, call: CallContext): Promise<identityV1.Credential> {
    const { tenant } = call.principal;
    const now = this.runtime.engines.clock.now().toISOString();
    const key = await this.key(tenant, id);
    if (!key || !opens(key, digest, now, isSame)) return nobody('unknown');
    const rights = hasEnded(key, now) ? undefined : await this.rights.of(tenant, key.userId);
    if (!rights) return nobody('ended');
    await this.noteUse(id, key, now.slice(0, 10), call);
    const { name, userId, permissions: narrowed } = key;
    const permissions = rights.permissions.filter((each) => each === SELF || (narrowed?.includes(each) ?? true));
    return { state: 'valid', name, userId, roles: [...rights.roles], permissions };
  }

  private async key(tenant: string, id: string): Promise<ApiKey | null> {
    const history = await Array.fromAsync(this.runtime.events.read(streamName(apiKey.aggregate, tenant, id)));
    return fold(apiKey, history as unknown as readonly ApiKeyEvent[]);
  }

  /** Coarse on purpose: one fact a day is enough to see which keys nobody needs. */
  private async noteUse(id: string, { usedOn = '' }: ApiKey, on: string, call: CallContext): Promise<void> {
    if (usedOn >= on) return;
    const { principal, correlationId } = call;
    const step = {
      name: 'UseApiKey',
      input: on,
      decide: (state: ApiKey | null, at: never) => apiKey.decide.use(state, { on }, at),
    };
    await this.commands.execute(
      new RunCommand({ decider: apiKey, id, steps: [step as never], call: { principal, correlationId, answer: {} } }),
    );
  }
}
