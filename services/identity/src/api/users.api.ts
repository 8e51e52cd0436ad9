import { Inject, Injectable } from '@nestjs/common';
import type { identityV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, type RecordApi } from '@rapport/service-kit';
import { type UserRecords, users } from '../records/users.js';
import { TenantOpening } from '../tenant-opening.js';

/** What only users can do, and that there are roles to give them. */
@Injectable()
export class UsersApi implements RecordApi<typeof users> {
  constructor(
    @Inject(users.token) private readonly records: UserRecords,
    @Inject(PERSON_ERASURE) private readonly erasure: PersonErasure,
    @Inject(TenantOpening) private readonly opening: TenantOpening,
  ) {}

  async create(message: identityV1.User, call: CallContext): Promise<identityV1.User> {
    await this.opening.open(call);
    return this.records.create(message, call);
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
