import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, Protecting, type RecordApi } from '@rapport/service-kit';
import { contact } from '../domain/contact/contact.js';
import { LikelyDuplicates } from '../duplicates/likely-duplicates.js';
import { ContactMerges } from '../merges/contact-merges.js';
import { type ContactRecords, contacts } from '../records/contacts.js';

/** What only contacts can do. */
@Injectable()
export class ContactsApi implements RecordApi<typeof contacts> {
  constructor(
    @Inject(PERSON_ERASURE) private readonly erasure: PersonErasure,
    @Inject(contacts.token) private readonly records: ContactRecords,
    @Inject(LikelyDuplicates) private readonly duplicates: LikelyDuplicates,
    @Inject(ContactMerges) private readonly merges: ContactMerges,
  ) {}

  async createContact(
    { contact: asked, checkDuplicates }: contactsV1.CreateContactRequest,
    call: CallContext,
  ): Promise<contactsV1.Contact> {
    const made = await this.records.create(asked ?? {}, call);
    return checkDuplicates ? this.duplicates.toldWithContact(made, call) : made;
  }

  async updateContact(
    { id, contact: asked, updateMask, checkDuplicates }: contactsV1.UpdateContactRequest,
    call: CallContext,
  ): Promise<contactsV1.Contact> {
    const changed = await this.records.edit(id, asked ?? {}, updateMask, call);
    return checkDuplicates ? this.duplicates.toldWithContact(changed, call) : changed;
  }

  mergeContact(request: contactsV1.MergeContactRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.merges.merge(request, call);
  }

  previewContactMerge(
    request: contactsV1.MergeContactRequest,
    call: CallContext,
  ): Promise<contactsV1.ContactMergePreview> {
    return this.merges.preview(request, call);
  }

  unmergeContact(request: contactsV1.UnmergeContactRequest, call: CallContext): Promise<contactsV1.UnmergedContacts> {
    return this.merges.unmerge(request, call);
  }

  previewContactUnmerge(
    request: contactsV1.UnmergeContactRequest,
    call: CallContext,
  ): Promise<contactsV1.UnmergedContacts> {
    return this.merges.previewUnmerge(request, call);
  }

  undoContactChange(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.merges.undo(request, call);
  }

  holdContact(asked: contactsV1.ProtectContactRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.above.hold(asked, call);
  }

  releaseContact(asked: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.above.release(asked, call);
  }

  restrictContact(asked: contactsV1.ProtectContactRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.above.restrict(asked, call);
  }

  unrestrictContact(asked: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.above.unrestrict(asked, call);
  }

  async rectifyContact(
    { contact: said, updateMask, ...asked }: contactsV1.RectifyContactRequest,
    call: CallContext,
  ): Promise<contactsV1.Contact> {
    return this.above.rectify(asked, await this.records.patch(said!, updateMask, call), call);
  }

  /** What stands above a contact. */
  private get above(): Protecting<contactsV1.Contact> {
    return new Protecting('Contact', contact, this.records);
  }

  async eraseContact({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return receiptOf(await this.erasure.erase(await this.merges.survivorOf(id, call), call));
  }

  async getContactErasure({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return receiptOf(await this.erasure.look(await this.merges.survivorOf(id, call), call));
  }
}

const receiptOf = ({ id: contactId, actor, ...told }: ErasureTold): contactsV1.ErasureReceipt => ({
  ...told,
  contactId,
  actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
});
