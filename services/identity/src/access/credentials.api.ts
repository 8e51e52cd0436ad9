import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { ClosedWorkspaces } from '../workspace/closed-workspaces.js';
import { KeyCredentials } from './keys/key-credentials.js';
import { CHALLENGE_MILLISECONDS } from './passkeys/challenges.js';
import { nobody, type Resolved, somebody } from './resolved.js';
import { UserRights } from './rights.js';
import { isSame } from './secret.js';
import { within } from './sessions/session-strength.js';
import { openedAt, Sessions } from './sessions/sessions.js';
import { WaysIn } from './sign-in/ways-in.js';

/** Tells the gateway who comes with a secret, from the events themselves: what has ended has ended. */
@Injectable()
export class CredentialsApi {
  private readonly closed: ClosedWorkspaces;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(UserRights) private readonly rights: UserRights,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(WaysIn) private readonly ways: WaysIn,
    @Inject(KeyCredentials) private readonly keys: KeyCredentials,
  ) {
    this.closed = new ClosedWorkspaces(runtime);
  }

  async resolve({ id, digest, kind }: identityV1.ResolveRequest, call: CallContext): Promise<Resolved> {
    const found = await (kind === 'session' ? this.session(id, digest, call) : this.keys.resolve(id, digest, call));
    const isIn = found.state === 'valid' && !(await this.closed.has(found.tenant));
    return isIn || found.state !== 'valid' ? found : nobody('unknown');
  }

  /** Without a secret: for who was asked about, not for who comes. */
  async resolveUser({ userId }: identityV1.ResolveUserRequest, { principal }: CallContext): Promise<Resolved> {
    const rights = await this.rights.of(principal.tenant, userId);
    return rights
      ? somebody({ tenant: principal.tenant, id: userId, name: rights.name, userId }, rights)
      : nobody('unknown');
  }

  openSession(request: identityV1.OpenSessionRequest, call: CallContext): Promise<identityV1.OpenedSession> {
    return this.ways.byPassword.open(request, call);
  }

  async getPasskeyChallenge(_: object, call: CallContext): Promise<identityV1.PasskeyChallenge> {
    const { party } = this.ways.byPasskey;
    const challenge = await this.ways.byPasskey.challengeFor('sign-in', call);
    return { challenge, rpId: party.id, timeout: CHALLENGE_MILLISECONDS, userVerification: 'required' };
  }

  openPasskeySession(
    request: identityV1.OpenPasskeySessionRequest,
    call: CallContext,
  ): Promise<identityV1.OpenedSession> {
    return this.ways.byPasskey.open(request, call);
  }

  choosePassword(request: identityV1.ChoosePasswordRequest, call: CallContext): Promise<identityV1.OpenedSession> {
    return this.ways.byPassword.choosePassword(request, call);
  }

  changePassword(request: identityV1.ChangePasswordRequest, call: CallContext): Promise<identityV1.OpenedSession> {
    return this.ways.byPassword.changePassword(request, call);
  }

  noteHeldBack(request: identityV1.NoteHeldBackRequest, call: CallContext): Promise<object> {
    return this.ways.byPassword.noteHeldBack(request, call);
  }

  listOfferedProviders(_: object, call: CallContext): Promise<identityV1.OfferedProviders> {
    return this.ways.byProvider.offered(call);
  }

  getOfferedProvider(
    { id }: identityV1.GetOfferedProviderRequest,
    call: CallContext,
  ): Promise<identityV1.OfferedProvider> {
    return this.ways.byProvider.provider(id, call);
  }

  openProvidedSession(
    request: identityV1.OpenProvidedSessionRequest,
    call: CallContext,
  ): Promise<identityV1.OpenedSession> {
    return this.ways.byProvider.open(request, call);
  }

  requestPasswordReset({ email }: identityV1.RequestPasswordResetRequest, call: CallContext): Promise<object> {
    return this.ways.resets.request(email, call);
  }

  async closeOpenedSession({ id }: identityV1.CloseOpenedSessionRequest, call: CallContext): Promise<object> {
    await this.sessions.close(id, call);
    return {};
  }

  ensureAdministrator(
    request: identityV1.EnsureAdministratorRequest,
    call: CallContext,
  ): Promise<identityV1.EnsuredAdministrator> {
    return this.keys.ensureAdministrator(request, call);
  }

  private async session(id: string, digest: string, { principal: { tenant } }: CallContext): Promise<Resolved> {
    const session = await this.sessions.find(tenant, id);
    if (!session || !isSame(session.digest, digest)) return nobody('unknown');
    const { userId, generation, expiresAt, closed } = session;
    const { generation: present } = await this.sessions.signInOf(tenant, userId);
    const isOver = closed || expiresAt <= this.now || generation !== present;
    const rights = isOver ? undefined : await this.rights.of(tenant, userId);
    if (!rights) return nobody('ended');
    const given = within(rights, session, await this.sessions.settingsOf(tenant));
    return somebody({ tenant, id, name: rights.name, userId, signedInAt: openedAt(expiresAt) }, given);
  }

  private get now(): string {
    return this.runtime.engines.clock.now().toISOString();
  }
}
