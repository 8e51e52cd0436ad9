import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, type RecordApi } from '@rapport/service-kit';
import type { contacts } from '../records/contacts.js';

/** What only contacts can do. */
@Injectable()
export class ContactsApi implements RecordApi<typeof contacts> {
  constructor(@Inject(PERSON_ERASURE) private readonly erasure: PersonErasure) {}

  async eraseContact({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return receiptOf(await this.erasure.erase(id, call));
  }

  async getContactErasure({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return receiptOf(await this.erasure.look(id, call));
  }
}

const receiptOf = ({ id: contactId, actor, ...told }: ErasureTold): contactsV1.ErasureReceipt => ({
  ...told,
  contactId,
  actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
});
