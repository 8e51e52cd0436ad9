import { Inject, Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { SELF } from '@rapport/access';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances } from '@rapport/kernel';
import { RunCommand, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { type ApiKey, apiKey, type ApiKeyEvent, hasEnded, opens } from '../domain/api-key/api-key.js';
import { stateIn } from '../state-of.js';
import { policyMessage, type Rights, UserRights } from './rights.js';
import { isSame } from './secret.js';
import { Sessions } from './sessions.js';
import { SignIns } from './sign-ins.js';

type Resolved = identityV1.Credential;

const nobody = (state: 'unknown' | 'ended'): Resolved => ({
  ...{ state, name: '', userId: '', roles: [], permissions: [], policy: undefined },
});

const somebody = (name: string, userId: string, { roles, permissions, policy }: Rights): Resolved => ({
  ...{ state: 'valid', name, userId, roles: [...roles], permissions: [...permissions], policy: policyMessage(policy) },
});

/** Tells the gateway who comes with a secret, from the events themselves: what has ended has ended. */
@Injectable()
export class CredentialsApi {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(UserRights) private readonly rights: UserRights,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(SignIns) private readonly signIns: SignIns,
  ) {}

  resolve({ id, digest, kind }: identityV1.ResolveRequest, call: CallContext): Promise<Resolved> {
    return kind === 'session' ? this.session(id, digest, call) : this.apiKey(id, digest, call);
  }

  openSession(request: identityV1.OpenSessionRequest, call: CallContext): Promise<identityV1.OpenedSession> {
    return this.signIns.open(request, call);
  }

  choosePassword(request: identityV1.ChoosePasswordRequest, call: CallContext): Promise<identityV1.OpenedSession> {
    return this.signIns.choosePassword(request, call);
  }

  async closeOpenedSession({ id }: identityV1.CloseOpenedSessionRequest, call: CallContext): Promise<object> {
    await this.sessions.close(id, call);
    return {};
  }

  private async apiKey(id: string, digest: string, call: CallContext): Promise<Resolved> {
    const { tenant } = call.principal;
    const key = await stateIn(this.runtime.events, apiKey, tenant, id);
    if (!key || !opens(key, digest, this.now, isSame)) return nobody('unknown');
    const rights = hasEnded(key, this.now) ? undefined : await this.rights.of(tenant, key.userId);
    if (!rights) return nobody('ended');
    await this.noteUse(id, key, this.now.slice(0, 10), call);
    const { name, userId, permissions: narrowed } = key;
    const permissions = rights.permissions.filter((each) => each === SELF || (narrowed?.includes(each) ?? true));
    return somebody(name, userId, { ...rights, permissions });
  }

  private async session(id: string, digest: string, { principal: { tenant } }: CallContext): Promise<Resolved> {
    const session = await this.sessions.find(tenant, id);
    if (!session || !isSame(session.digest, digest)) return nobody('unknown');
    const { userId, generation, expiresAt, closed } = session;
    const { generation: present } = await this.sessions.signInOf(tenant, userId);
    const isOver = closed || expiresAt <= this.now || generation !== present;
    const rights = isOver ? undefined : await this.rights.of(tenant, userId);
    return rights ? somebody(rights.name, userId, rights) : nobody('ended');
  }

  private get now(): string {
    return this.runtime.engines.clock.now().toISOString();
  }

  /** Coarse on purpose: one fact a day is enough to see which keys nobody needs. */
  private async noteUse(id: string, { usedOn = '' }: ApiKey, on: string, call: CallContext): Promise<void> {
    if (usedOn >= on) return;
    const decide = (state: ApiKey | null, at: Circumstances) => apiKey.decide.use(state, { on }, at);
    const { principal, correlationId } = call;
    const once = { principal, correlationId, answer: {} };
    const order = { decider: apiKey, id, steps: [{ name: 'UseApiKey', input: on, decide }], call: once };
    await this.commands.execute(new RunCommand<ApiKey | null, ApiKeyEvent>(order));
  }
}
