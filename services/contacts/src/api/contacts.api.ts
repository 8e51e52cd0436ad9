import { Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import type { RecordApi } from '@rapport/service-kit';
import { Erasure } from '../erasure/erasure.js';
import type { contacts } from '../records/contacts.js';

/** What only contacts can do. */
@Injectable()
export class ContactsApi implements RecordApi<typeof contacts> {
  constructor(private readonly erasure: Erasure) {}

  eraseContact({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return this.erasure.erase(id, call);
  }

  getContactErasure({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return this.erasure.look(id, call);
  }
}
