import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1, type typesV1 } from '@rapport/contracts';
import type { CallContext } from '@rapport/kernel';
import { type Evidence, inWords } from '@rapport/matching';
import { type Handlers, RUNTIME, type ServiceRuntime, survivorOf } from '@rapport/service-kit';
import { pairOf } from '../domain/duplicate/duplicate.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import { DecidedPairs, noContact } from './decided-pairs.js';
import { LookAlikes } from './look-alikes.js';

/** rapport.contacts.v1.DuplicatesService */
@Injectable()
export class DuplicatesApi implements Handlers<contactsV1.DuplicatesService> {
  constructor(
    @Inject(LookAlikes) private readonly lookAlikes: LookAlikes,
    @Inject(DecidedPairs) private readonly pairs: DecidedPairs,
    @Inject(contacts.token) private readonly records: ContactRecords,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  async listContactDuplicates(
    request: typesV1.RecordRequest,
    call: CallContext,
  ): Promise<contactsV1.ListContactDuplicatesResponse> {
    await this.records.caughtUp(call);
    const { documents } = this.runtime.projection(contacts.projection);
    const id = await survivorOf(documents, call.principal.tenant, request.id);
    const contact = await documents.get(scopeOf(call.principal, contacts.decider.aggregate), id);
    if (!contact) throw noContact(id);
    const found = await this.lookAlikes.of(contact, call.principal);
    const others = found.map((other) => other.id);
    const dismissed = await this.pairs.dismissed(id, others, call);
    const data = found.map(({ id: contactId, score, verdict, evidence }) => ({
      ...{ contactId, score: rounded(score), verdict },
      evidence: evidence.map(wordsOf),
      status: dismissed.has(contactId) ? 'dismissed' : 'open',
    }));
    return { data };
  }

  async dismissDuplicate(asked: contactsV1.DuplicatePairRequest, call: CallContext): Promise<contactsV1.DuplicatePair> {
    await this.pairs.dismiss(asked.contactId, asked.otherContactId, call);
    return { ...pairOf(asked.contactId, asked.otherContactId), status: 'dismissed' };
  }

  async reopenDuplicate(asked: contactsV1.DuplicatePairRequest, call: CallContext): Promise<contactsV1.DuplicatePair> {
    await this.pairs.reopen(asked.contactId, asked.otherContactId, call);
    return { ...pairOf(asked.contactId, asked.otherContactId), status: 'open' };
  }
}

const wordsOf = (evidence: Evidence): contactsV1.DuplicateEvidence => ({
  words: inWords(evidence),
  weight: rounded(evidence.weight),
});

const rounded = (points: number): number => Math.round(points * 10) / 10;
