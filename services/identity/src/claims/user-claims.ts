import { Inject, Injectable } from '@nestjs/common';
import type { CallContext } from '@rapport/kernel';
import type { Change, Claims, Outcome } from '@rapport/service-kit';
import type { UserState } from '../domain/user/user.js';
import { KeyClaims } from './key-claims.js';
import { AdministratorClaims } from './administrator-claims.js';

/** What has to hold between the users of a tenant. */
@Injectable()
export class UserClaims implements Claims<UserState> {
  constructor(
    @Inject(KeyClaims) private readonly keys: KeyClaims,
    @Inject(AdministratorClaims) private readonly administrators: AdministratorClaims,
  ) {}

  async take(change: Change<UserState>, call: CallContext): Promise<void> {
    await this.keys.take(change, call);
    await this.administrators.take(change, call);
  }

  async settle(outcome: Outcome<UserState>, call: CallContext): Promise<void> {
    await this.keys.settle(outcome, call);
    await this.administrators.settle(outcome, call);
  }
}
