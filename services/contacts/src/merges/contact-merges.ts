import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1, typesV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { type CallContext, fold } from '@rapport/kernel';
import { MergeCalls, type Merges, mergesOf, RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { ConsentStandings } from '../consents/standings.js';
import { contact } from '../domain/contact/contact.js';
import { CameSinceMerge } from './came-since.js';
import { TO_CONTACTS } from './relations.js';
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
    const since = new CameSinceMerge(contacts.decider, TO_CONTACTS, runtime);
    this.calls = new MergeCalls<contactsV1.Contact>(contacts, merges, records as never, since);
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
    const { survivor: contact, ...both } = await this.calls.unmerge(request, call);
    return { contact, ...both };
  }

  async previewUnmerge(
    request: contactsV1.UnmergeContactRequest,
    call: CallContext,
  ): Promise<contactsV1.UnmergedContacts> {
    const { survivor: contact, ...both } = await this.calls.foreseeSplit(request, call);
    return { contact, ...both };
  }

  undo(request: typesV1.UndoRequest, call: CallContext): Promise<contactsV1.Contact> {
    return this.calls.undo(request, call);
  }

  /** Where an id leads by the events themselves: a list may be a moment behind, and somebody else be forgotten. */
  async survivorOf(id: string, { principal }: CallContext): Promise<string> {
    const seen = new Set<string>();
    for (let at = id; ;) {
      seen.add(at);
      const history = this.runtime.events.read(streamName(contact.aggregate, principal.tenant, at));
      const mergedInto = fold(contact, (await Array.fromAsync(history)) as never)?.mergedInto;
      if (mergedInto === undefined || seen.has(mergedInto)) return at;
      at = mergedInto;
    }
  }
}
