import { Inject, Injectable } from '@nestjs/common';
import type { identityV1 } from '@rapport/contracts';
import { type CallContext, DomainError, emailKeyOf } from '@rapport/kernel';
import { KeyClaims } from '../../claims/key-claims.js';
import { type UserRecords, users } from '../../records/users.js';
import { hashOf, isPassword, refuseWeak } from './passwords.js';
import { UserRights } from '../rights.js';
import { isSame } from '../secret.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { type Opened, Sessions } from '../sessions/sessions.js';

/** Signing in with a password, and choosing one. The gateway alone asks, for whoever stands before its door. */
@Injectable()
export class SignIns {
  constructor(
    @Inject(users.token) private readonly records: UserRecords,
    @Inject(KeyClaims) private readonly keys: KeyClaims,
    @Inject(UserRights) private readonly rights: UserRights,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(SecondFactors) private readonly factors: SecondFactors,
  ) {}

  /** Says nothing about which of the two was wrong, nor whether there is such a user, in words or by how long it takes. */
  async open(request: identityV1.OpenSessionRequest, call: CallContext): Promise<identityV1.OpenedSession> {
    const userId = await this.keys.holder(request.email, call.principal.tenant);
    return this.sessions.noted(userId, request, call, async () => {
      await this.check(userId, request, call);
      return this.sessions.open(userId!, call);
    });
  }

  private async check(
    userId: string | undefined,
    { email, password, code }: identityV1.OpenSessionRequest,
    call: CallContext,
  ): Promise<void> {
    const { tenant } = call.principal;
    const user = userId === undefined ? null : await this.rights.user(tenant, userId);
    const may = user !== null && !user.archived && user.kind !== 'service' && isAddressOf(email, user.email);
    const { hash } = userId === undefined ? {} : await this.sessions.signInOf(tenant, userId);
    if (!(await isPassword(password, may ? hash : undefined))) throw refused();
    await this.factors.check(userId!, code, call);
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
    if (!user || user.archived || !link || !isSame(link.digest, digest)) throw linkEnded();
    await refuseWeak(password, { name: user.name, email: user.email ?? email ?? '' });
    await this.factors.check(userId, code, call);
    if (user.email === undefined) await this.giveAddress(userId, email, call);
    await this.sessions.setPassword(userId, { hash: await hashOf(password), digest, isSame }, call);
    return this.sessions.open(userId, call);
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

const linkEnded = (): DomainError =>
  new DomainError(
    'gone',
    'link-ended',
    'This link was used before, has expired, or was followed by another one. Ask an administrator for a new one.',
  );
