import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { MergeCalls, type Merges, mergesOf, RUNTIME, type ServiceRuntime, survivorOf } from '@rapport/service-kit';
import { ConsentStandings } from '../consents/standings.js';
import { type ContactRecords, contacts } from '../records/contacts.js';

/** Contacts of one person become one, and are split again. */
@Injectable()
export class ContactMerges {
  private readonly calls: MergeCalls<contactsV1.Contact>;

  constructor(
    @Inject(mergesOf(contacts)) merges: Merges,
    @Inject(contacts.token) private readonly records: ContactRecords,
    @Inject(ConsentStandings) private readonly consents: ConsentStandings,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {
    this.calls = new MergeCalls<contactsV1.Contact>(contacts, merges, records as never);
  }

  merge(request: contactsV1.MergeContactRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.calls.merge(request, call);
  }

  async preview(request: contactsV1.MergeContactRequest, call: CallContext): Promise<contactsV1.ContactMergePreview> {
    const { becomes: contact, fields } = await this.calls.foresee(request, call);
    await this.records.caughtUp(call);
    const consents = await this.consents.merging(request.id, request.otherId, call);
    return { contact, fields, consents };
  }

  async unmerge(request: contactsV1.UnmergeContactRequest, call: CallContext): Promise<contactsV1.UnmergedContacts> {
    const { survivor: contact, other, changedSince } = await this.calls.unmerge(request, call);
    return { contact, other, changedSince };
  }

  async previewUnmerge(
    request: contactsV1.UnmergeContactRequest,
    call: CallContext,
  ): Promise<contactsV1.UnmergedContacts> {
    const { survivor: contact, other, changedSince } = await this.calls.foreseeSplit(request, call);
    return { contact, other, changedSince };
  }

  undo(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.calls.undo(request, call);
  }

  /** Where an id leads. */
  async survivorOf(id: string, call: CallContext): Promise<string> {
    await this.records.caughtUp(call);
    return survivorOf(this.runtime.projection(contacts.projection).documents, call.principal.tenant, id);
  }
}
