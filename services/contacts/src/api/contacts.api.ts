import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { runBatch, type Handlers } from '@rapport/service-kit';
import { Erasure } from '../erasure/erasure.js';
import { CONTACTS, type ContactRecords } from '../records.js';

/** rapport.contacts.v1.ContactsService */
@Injectable()
export class ContactsApi implements Handlers<contactsV1.ContactsService> {
  constructor(
    @Inject(CONTACTS) private readonly contacts: ContactRecords,
    private readonly erasure: Erasure,
  ) {}

  createContact({ contact }: contactsV1.CreateContactRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.contacts.create(contact!, call);
  }

  getContact(request: typesV1.GetRecordRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.contacts.get(request, call);
  }

  listContacts(request: typesV1.ListRecordsRequest, call: CallContext): Promise<contactsV1.ListContactsResponse> {
    return this.contacts.list(request, call);
  }

  updateContact(
    { id, contact, updateMask }: contactsV1.UpdateContactRequest,
    call: CallContext,
  ): Promise<contactsV1.Contact> {
    return this.contacts.edit(id, contact!, updateMask, call);
  }

  archiveContact(request: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.contacts.archive(request, call);
  }

  restoreContact(request: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.contacts.restore(request, call);
  }

  undoContactChange(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.contacts.undo(request, call);
  }

  listContactHistory(request: typesV1.ListHistoryRequest, call: CallContext): Promise<typesV1.ListHistoryResponse> {
    return this.contacts.history(request, call);
  }

  batchContacts(
    { rows }: contactsV1.BatchContactsRequest,
    call: CallContext,
  ): Promise<contactsV1.BatchContactsResponse> {
    return runBatch(rows, this.contacts.batchMethods('contact'), call);
  }

  eraseContact({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return this.erasure.erase(id, call);
  }
}
