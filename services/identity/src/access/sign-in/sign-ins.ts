import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError, emailKeyOf } from '@rapport/kernel';
import { type UserRecords, users } from '../../records/users.js';
import { hashOf, isPassword, refuseWeak } from './passwords.js';
import { signIn } from '../../domain/sign-in/sign-in.js';
import { Failures } from './failures.js';
import { UserRights } from '../rights.js';
import { isSame } from '../secret.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { type Opened, Sessions } from '../sessions/sessions.js';
import { hasAccess } from '../../domain/user/user.js';

/** Signing in with a password, and choosing one. The gateway alone asks, for whoever stands before its door. */
@Injectable()
export class SignIns {
  constructor(
    @Inject(users.token) private readonly records: UserRecords,
    @Inject(Failures) private readonly failures: Failures,
    @Inject(UserRights) private readonly rights: UserRights,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(SecondFactors) private readonly factors: SecondFactors,
  ) {}

  /** Says nothing about which of the two was wrong, nor whether there is such a user, in words or by how long it takes. */
  async open(request: identityV1.OpenSessionRequest, call: CallContext): Promise<identityV1.OpenedSession> {
    const userId = await this.failures.accountOf(request.email, call);
    await this.failures.refuseEarly(userId, request, call);
    return this.sessions.noted(userId, request, call, async () => {
      const strong = await this.check(userId, request, call);
      return this.sessions.open(userId!, { strong, device: request.device }, call);
    });
  }

  private async check(
    userId: string | undefined,
    { email, password, code }: identityV1.OpenSessionRequest,
    call: CallContext,
  ): Promise<boolean> {
    const { tenant } = call.principal;
    const user = userId === undefined ? null : await this.rights.user(tenant, userId);
    const may = hasAccess(user) && user.kind !== 'service' && isAddressOf(email, user.email);
    const { hash } = userId === undefined ? {} : await this.sessions.signInOf(tenant, userId);
    if (!(await isPassword(password, may ? hash : undefined))) throw refused();
    return this.factors.check(userId!, code, call);
  }

  /** For who has signed in, and says the present password. Whoever else had come in is out. */
  async changePassword(
    request: identityV1.ChangePasswordRequest,
    call: CallContext,
  ): Promise<identityV1.OpenedSession> {
    const { userId, current, password, code, device } = request;
    await this.failures.refuseEarly(userId, request, call);
    return this.sessions.noted(userId, request, call, async () => {
      const { tenant } = call.principal;
      const [user, { hash }] = [await this.rights.user(tenant, userId), await this.sessions.signInOf(tenant, userId)];
      if (!(await isPassword(current, hasAccess(user) ? hash : undefined))) throw wrongPassword();
      await refuseWeak(password, { name: user!.name, email: user!.email ?? '' });
      const strong = await this.factors.check(userId, code, call);
      const next = await hashOf(password);
      await this.sessions.change(userId, 'ChangePassword', call, (state, at) =>
        signIn.decide.changePassword(state, { hash: next }, at),
      );
      return this.sessions.open(userId, { strong, device }, call);
    });
  }

  /** Somebody whom a gateway has not let try. */
  async noteHeldBack(request: identityV1.NoteHeldBackRequest, call: CallContext): Promise<object> {
    const { email, address } = request;
    const named = email === undefined ? undefined : await this.failures.accountOf(email, call);
    await this.failures.heldBack(request.userId ?? named, { address }, call);
    return {};
  }

  /** Signs in at once, too. */
  async choosePassword(
    request: identityV1.ChoosePasswordRequest,
    call: CallContext,
  ): Promise<identityV1.OpenedSession> {
    const user = await this.rights.user(call.principal.tenant, request.id);
    return this.sessions.noted(user ? request.id : undefined, request, call, () => this.come(request, call));
  }

  private async come(request: identityV1.ChoosePasswordRequest, call: CallContext): Promise<Opened> {
    const { id: userId, digest, password, email, code } = request;
    const { tenant } = call.principal;
    const user = await this.rights.user(tenant, userId);
    const { link } = await this.sessions.signInOf(tenant, userId);
    if (!hasAccess(user) || !link || !isSame(link.digest, digest)) throw linkEnded();
    await refuseWeak(password, { name: user.name, email: user.email ?? email ?? '' });
    const strong = await this.factors.check(userId, code, call);
    if (user.email === undefined) await this.giveAddress(userId, email, call);
    await this.sessions.setPassword(userId, { hash: await hashOf(password), digest, isSame }, call);
    return this.sessions.open(userId, { strong, device: request.device }, call);
  }

  /** Whoever was made without one, as the first administrator is, says it now. */
  private async giveAddress(userId: string, email: string | undefined, call: CallContext): Promise<void> {
    if (!email) {
      const message = 'Give the e-mail address that you will sign in with.';
      const fields = [{ pointer: '/email', code: 'email-missing', message }];
      throw new DomainError('invalid', 'email-missing', message, { fields });
    }
    await this.records.edit(userId, { email }, ['email'], call);
  }
}

const isAddressOf = (email: string, kept: string | undefined): boolean =>
  kept !== undefined && emailKeyOf(email) === emailKeyOf(kept);

const refused = (): DomainError =>
  new DomainError('forbidden', 'sign-in-refused', 'E-mail address and password do not belong together.');

const wrongPassword = (): DomainError => {
  const message = 'This is not your present password.';
  return new DomainError('invalid', 'password-wrong', message, {
    fields: [{ pointer: '/current', code: 'password-wrong', message }],
  });
};

const linkEnded = (): DomainError =>
  new DomainError(
    'gone',
    'link-ended',
    'This link was used before, has expired, or was followed by another one. Ask an administrator for a new one.',
  );
