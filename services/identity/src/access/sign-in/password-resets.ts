import { Inject, Injectable } from '@nestjs/common';
import { type CallContext, emailKeyOf } from '@rapport/kernel';
import { KeyClaims } from '../../claims/key-claims.js';
import { Sessions } from '../sessions/sessions.js';
import { hasAccess } from '../../domain/user/user.js';

/** Another password for who has forgotten it, by a link that goes to their own address. */
@Injectable()
export class PasswordResets {
  constructor(
    @Inject(KeyClaims) private readonly keys: KeyClaims,
    @Inject(Sessions) private readonly sessions: Sessions,
  ) {}

  /** Says nothing about whether there is such a user. Without mail it does nothing: an administrator invites anew. */
  async request(address: string, call: CallContext): Promise<object> {
    const { tenant } = call.principal;
    const userId = this.sessions.sendsMail ? await this.keys.holder(address, tenant) : undefined;
    const state = userId === undefined ? null : await this.sessions.user(tenant, userId);
    const may = hasAccess(state) && state.kind !== 'service' && state.email !== undefined;
    if (!may || emailKeyOf(state.email) !== emailKeyOf(address)) return {};
    await this.sessions.issueLink(userId!, call, 'reset');
    return {};
  }
}
