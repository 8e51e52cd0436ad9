import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import { type CallContext, type Circumstances, type Decision, instantOf } from '@rapport/kernel';
import { type ErasureTold, PERSON_ERASURE, type PersonErasure, type RecordApi } from '@rapport/service-kit';
import type { ContactEvent } from '../domain/contact/contact.events.js';
import { contact, type ContactState } from '../domain/contact/contact.js';
import { LikelyDuplicates } from '../duplicates/likely-duplicates.js';
import { type ContactRecords, contacts } from '../records/contacts.js';

/** What only contacts can do. */
@Injectable()
export class ContactsApi implements RecordApi<typeof contacts> {
  constructor(
    @Inject(PERSON_ERASURE) private readonly erasure: PersonErasure,
    @Inject(contacts.token) private readonly records: ContactRecords,
    @Inject(LikelyDuplicates) private readonly duplicates: LikelyDuplicates,
  ) {}

  async createContact(
    { contact: asked, checkDuplicates }: contactsV1.CreateContactRequest,
    call: CallContext,
  ): Promise<contactsV1.Contact> {
    const made = await this.records.create(asked ?? {}, call);
    return checkDuplicates ? this.duplicates.toldWith(made, call) : made;
  }

  async updateContact(
    { id, contact: asked, updateMask, checkDuplicates }: contactsV1.UpdateContactRequest,
    call: CallContext,
  ): Promise<contactsV1.Contact> {
    const changed = await this.records.edit(id, asked ?? {}, updateMask, call);
    return checkDuplicates ? this.duplicates.toldWith(changed, call) : changed;
  }

  holdContact({ id, reason }: contactsV1.ProtectContactRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.protect('HoldContact', id, reason, call, (state, at) =>
      contact.decide.placeHold(state, { reason }, at),
    );
  }

  releaseContact({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.protect('ReleaseContact', id, '', call, (state, at) => contact.decide.liftHold(state, {}, at));
  }

  restrictContact({ id, reason }: contactsV1.ProtectContactRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.protect('RestrictContact', id, reason, call, (state, at) =>
      contact.decide.restrict(state, { reason }, at),
    );
  }

  unrestrictContact({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.protect('UnrestrictContact', id, '', call, (state, at) =>
      contact.decide.liftRestriction(state, {}, at),
    );
  }

  async rectifyContact(
    { id, contact: message, updateMask, askedBy, askedAt, note }: contactsV1.RectifyContactRequest,
    call: CallContext,
  ): Promise<contactsV1.Contact> {
    const set = await this.records.patch(message!, updateMask, call);
    const asked = { askedBy, ...(note ? { note } : {}) };
    const decide = (state: ContactState, at: Circumstances): Decision<ContactEvent> => {
      const rectification = { ...asked, askedAt: askedAt ? instantOf(askedAt).toISOString() : at.at };
      return contact.decide.rectify(state, { set, rectification }, at);
    };
    const step = { name: 'RectifyContact', input: [id, set, asked, askedAt], decide };
    return this.records.run(id, [step], call, { action: 'erase' });
  }

  async eraseContact({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return receiptOf(await this.erasure.erase(id, call));
  }

  async getContactErasure({ id }: typesV1.RecordRequest, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return receiptOf(await this.erasure.look(id, call));
  }

  /** Whoever may have somebody erased says what stands above that, too. */
  private protect(
    name: string,
    id: string,
    reason: string,
    call: CallContext,
    decide: (state: ContactState, at: Circumstances) => Decision<ContactEvent>,
  ): Promise<contactsV1.Contact> {
    return this.records.run(id, [{ name, input: [id, reason], decide }], call, { action: 'erase' });
  }
}

const receiptOf = ({ id: contactId, actor, ...told }: ErasureTold): contactsV1.ErasureReceipt => ({
  ...told,
  contactId,
  actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
});
