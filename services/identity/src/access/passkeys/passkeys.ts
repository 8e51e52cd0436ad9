import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError, idFrom } from '@rapport/kernel';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { signIn } from '../../domain/sign-in/sign-in.js';
import type { Passkey } from '../../domain/sign-in/passkeys.js';
import { UserRights } from '../rights.js';
import { type Opened, Sessions } from '../sessions/sessions.js';
import { Challenges, nobodysChallenge, type Purpose } from './challenges.js';
import { clientDataIn, counterIn, newKeyIn } from './device-answer.js';
import { relyingPartyOf } from './relying-party.js';
import { hasAccess } from '../../domain/user/user.js';

/** Keys that users' devices keep. */
@Injectable()
export class Passkeys {
  private readonly challenges: Challenges;

  constructor(
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(UserRights) private readonly rights: UserRights,
  ) {
    const { keys, clock } = runtime.engines;
    this.challenges = new Challenges(keys, clock);
  }

  /** @throws DomainError `passkeys-unavailable` */
  get party() {
    return relyingPartyOf(this.runtime.engines.publicUrl);
  }

  async challengeFor(purpose: Purpose, { principal: { tenant } }: CallContext): Promise<string> {
    return (await this.sessions.isThere(tenant)) ? this.challenges.make(tenant, purpose) : nobodysChallenge();
  }

  async of(userId: string, { principal }: CallContext): Promise<readonly Passkey[]> {
    return (await this.sessions.signInOf(principal.tenant, userId)).passkeys;
  }

  /** @throws DomainError `passkey-refused` */
  async enrol(userId: string, asked: identityV1.EnrolPasskeyRequest, call: CallContext): Promise<Passkey> {
    const { name, clientData, attestation, transports } = asked;
    const { party } = this;
    const challengedAt = await this.challengedAt(clientData, `enrol ${userId}`, call);
    if (challengedAt === undefined) throw refusedNew();
    const key = await newKeyIn({ clientData, attestation }, party).catch(() => Promise.reject(refusedNew()));
    const passkeyId = idOf(key.credentialId);
    const data = { ...key, passkeyId, name, transports, challengedAt };
    await this.sessions.change(userId, 'EnrolPasskey', call, (state, at) =>
      signIn.decide.enrolPasskey(state, data, at),
    );
    return { ...data, createdAt: challengedAt };
  }

  async rename(userId: string, asked: { readonly passkeyId: string; readonly name: string }, call: CallContext) {
    await this.sessions.change(userId, 'RenamePasskey', call, (state, at) =>
      signIn.decide.renamePasskey(state, asked, at),
    );
  }

  async remove(userId: string, passkeyId: string, call: CallContext): Promise<void> {
    await this.sessions.change(userId, 'RemovePasskey', call, (state, at) =>
      signIn.decide.removePasskey(state, { passkeyId }, at),
    );
  }

  async removeAll(userId: string, call: CallContext): Promise<void> {
    await this.sessions.change(userId, 'RemovePasskeys', call, (state, at) =>
      signIn.decide.removePasskeys(state, {}, at),
    );
  }

  /**
   * Lets the user in whom the device names. It has seen who holds it, so that no code is asked for. Nothing tells what was wrong,
   * nor whether there is such a user.
   */
  async open(request: identityV1.OpenPasskeySessionRequest, call: CallContext): Promise<Opened> {
    const userId = userIn(request.userHandle);
    const user = userId === undefined ? null : await this.rights.user(call.principal.tenant, userId);
    return this.sessions.noted(user ? userId : undefined, request, call, async () => {
      if (!hasAccess(user) || user.kind === 'service') throw refused();
      await this.use(userId!, request, call);
      return this.sessions.open(userId!, { strong: true, device: request.device }, call);
    });
  }

  private async use(userId: string, said: identityV1.OpenPasskeySessionRequest, call: CallContext): Promise<void> {
    const { party } = this;
    const known = (await this.of(userId, call)).find(({ credentialId }) => credentialId === said.credentialId);
    const challengedAt = await this.challengedAt(said.clientData, 'sign-in', call);
    if (known?.publicKey === undefined || challengedAt === undefined) throw refused();
    const counter = await counterIn(said, known, party).catch(() => Promise.reject(refused()));
    const { passkeyId } = known;
    await this.sessions
      .change(userId, 'UsePasskey', call, (state, at) =>
        signIn.decide.usePasskey(state, { passkeyId, counter, challengedAt }, at),
      )
      .catch((failure: unknown) => {
        throw failure instanceof DomainError && failure.kind !== 'unavailable' ? refused() : failure;
      });
  }

  private async challengedAt(clientData: string, purpose: Purpose, { principal }: CallContext) {
    try {
      return await this.challenges.madeAt(clientDataIn(clientData).challenge, principal.tenant, purpose);
    } catch (failure) {
      if (failure instanceof DomainError) throw failure;
      return undefined;
    }
  }
}

/** What identity calls it: names of devices are as long as they like. */
const idOf = (credentialId: string): string => idFrom('passkey', credentialId);

/** As devices keep it and give it back. */
export const handleOf = (userId: string): string => Buffer.from(userId).toString('base64url');

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const userIn = (handle: string): string | undefined => UUID.exec(Buffer.from(handle, 'base64url').toString())?.[0];

const refused = (): DomainError =>
  new DomainError('forbidden', 'sign-in-refused', 'This passkey opens nothing here. Sign in with your password.');

const refusedNew = (): DomainError =>
  new DomainError(
    'invalid',
    'passkey-refused',
    'This is not what a device answers to the present challenge. Ask for a proposal and enrol the passkey within five minutes.',
  );
