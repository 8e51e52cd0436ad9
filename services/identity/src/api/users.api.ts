import { Inject, Injectable } from '@nestjs/common';
import type { identityV1, typesV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, DomainError, fold } from '@rapport/kernel';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, Protecting, type RecordApi } from '@rapport/service-kit';
import { requireGiving } from '../access/giving.js';
import { Sessions } from '../access/sessions/sessions.js';
import { SIGN_IN_PAGE } from '../access/sign-in/sign-in-page.js';
import { WaysIn } from '../access/sign-in/ways-in.js';
import { user, type UserState } from '../domain/user/user.js';
import { type UserRecords, users } from '../records/users.js';
import { TenantOpening } from '../tenant-opening.js';

/** What only users can do, and that there are roles to give them. */
@Injectable()
export class UsersApi implements RecordApi<typeof users> {
  constructor(
    @Inject(users.token) private readonly records: UserRecords,
    @Inject(PERSON_ERASURE) private readonly erasure: PersonErasure,
    @Inject(TenantOpening) private readonly opening: TenantOpening,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(WaysIn) private readonly ways: WaysIn,
  ) {}

  async create(message: identityV1.User, call: CallContext): Promise<identityV1.User> {
    await this.opening.open(call);
    return this.records.create(message, call);
  }

  async inviteUser({ id }: typesV1.RecordRequest, call: CallContext): Promise<identityV1.SignInLink> {
    requireGiving(call, id);
    const { kind, archived, email, restriction } = fold(user, (await this.records.load(id, call)) as never)!;
    if (kind === 'service')
      throw new DomainError('conflict', 'no-person', 'A program has no password. Issue an API key for it.');
    if (archived)
      throw new DomainError('conflict', 'user-deactivated', 'This user was deactivated. Activate the user first.');
    if (restriction !== undefined)
      throw new DomainError(
        'conflict',
        'processing-restricted',
        'What is known about this user is not to be used now. Lift the restriction first, if its reason is gone.',
      );
    const isMailed = this.sessions.sendsMail && email !== undefined;
    const { secret, expiresAt } = await this.sessions.issueLink(id, call, isMailed ? 'invitation' : undefined);
    // Who gets it by mail alone need not trust who has asked for it.
    return isMailed
      ? { url: '', expiresAt, mailed: true }
      : { url: `${SIGN_IN_PAGE}${secret}`, expiresAt, mailed: false };
  }

  async removeUserSecondFactor({ id }: typesV1.RecordRequest, call: CallContext): Promise<identityV1.SecondFactor> {
    requireGiving(call, id);
    await this.records.load(id, call);
    await this.ways.factors.remove(id, call);
    return { active: false, recoveryCodes: 0, demanded: await this.ways.factors.isDemanded(id, call) };
  }

  async removeUserIdentity(
    { id, issuer, subject }: identityV1.RemoveUserIdentityRequest,
    call: CallContext,
  ): Promise<identityV1.User> {
    requireGiving(call, id);
    const { identities = [] } = fold(user, (await this.records.load(id, call)) as never)!;
    const left = identities.filter((each) => each.issuer !== issuer || each.subject !== subject);
    if (left.length === identities.length)
      throw new DomainError(
        'not-found',
        'identity-not-found',
        'The user is not linked to this account. Look at `identities`.',
      );
    const decide = (state: UserState, at: Circumstances) =>
      user.decide.edit(state, { set: { identities: left.length === 0 ? null : left } }, at);
    return this.records.run(id, [{ name: 'RemoveUserIdentity', input: { issuer, subject }, decide }], call);
  }

  async removeUserPasskeys({ id }: typesV1.RecordRequest, call: CallContext): Promise<identityV1.ListPasskeysResponse> {
    requireGiving(call, id);
    await this.records.load(id, call);
    await this.ways.byPasskey.removeAll(id, call);
    return { data: [] };
  }

  holdUser(asked: identityV1.ProtectUserRequest, call: CallContext): Promise<identityV1.User> {
    return this.above.hold(asked, call);
  }

  releaseUser(asked: typesV1.RecordRequest, call: CallContext): Promise<identityV1.User> {
    return this.above.release(asked, call);
  }

  restrictUser(asked: identityV1.ProtectUserRequest, call: CallContext): Promise<identityV1.User> {
    return this.above.restrict(asked, call);
  }

  unrestrictUser(asked: typesV1.RecordRequest, call: CallContext): Promise<identityV1.User> {
    return this.above.unrestrict(asked, call);
  }

  async rectifyUser(
    { user: said, updateMask, ...asked }: identityV1.RectifyUserRequest,
    call: CallContext,
  ): Promise<identityV1.User> {
    return this.above.rectify(asked, await this.records.patch(said!, updateMask, call), call);
  }

  /** What stands above a user. */
  private get above(): Protecting<identityV1.User> {
    return new Protecting('User', user, this.records);
  }

  async eraseUser({ id }: typesV1.RecordRequest, call: CallContext): Promise<identityV1.UserErasure> {
    return receiptOf(await this.erasure.erase(id, call));
  }

  async getUserErasure({ id }: typesV1.RecordRequest, call: CallContext): Promise<identityV1.UserErasure> {
    return receiptOf(await this.erasure.look(id, call));
  }
}

const receiptOf = ({ id: userId, actor, ...told }: ErasureTold): identityV1.UserErasure => ({
  ...told,
  userId,
  actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
});
