import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { shown } from '@rapport/read-models';
import { fieldsOf } from '@rapport/service-kit';
import type { ContactFields } from '../domain/contact/contact.events.js';
import { type ContactDocument, type ContactRecords, contacts } from '../records/contacts.js';
import { DecidedPairs } from './decided-pairs.js';
import { LookAlikes } from './look-alikes.js';

/** Tells with what was written who may be the same person. */
@Injectable()
export class LikelyDuplicates {
  constructor(
    @Inject(LookAlikes) private readonly lookAlikes: LookAlikes,
    @Inject(DecidedPairs) private readonly pairs: DecidedPairs,
    @Inject(contacts.token) private readonly records: ContactRecords,
  ) {}

  /** A write is done when this is asked, and nothing of it depends on the answer. */
  async toldWith(written: contactsV1.Contact, call: CallContext): Promise<contactsV1.Contact> {
    const { id } = written;
    await this.records.caughtUp(call);
    const scope = scopeOf(call.principal, contacts.decider.aggregate);
    const fields = fieldsOf<ContactFields>(written, contacts.kind.outputOnly);
    const contact = shown(scope, { ...fields, id, tenant: scope.tenant } as ContactDocument);
    const found = await this.lookAlikes.of(contact, call.principal);
    const others = found.map((other) => other.id);
    const dismissed = await this.pairs.dismissed(id, others, call);
    return { ...written, likelyDuplicates: { contactIds: others.filter((other) => !dismissed.has(other)) } };
  }
}
