import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1, type typesV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { type Handlers, RUNTIME, type ServiceRuntime, survivorOf } from '@rapport/service-kit';
import { type DuplicateScanState, NOTHING_SCANNED } from '../domain/duplicate-scan/duplicate-scan.js';
import { pairOf } from '../domain/duplicate/duplicate.js';
import { SCAN_DUPLICATES } from '../reactions/scan-duplicates.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import { DecidedPairs, noContact } from './decided-pairs.js';
import { DuplicateQueue, unlessBehind } from './duplicate-queue.js';
import { DuplicateScans } from './duplicate-scans.js';
import { LookAlikes } from './look-alikes.js';
import { rounded } from './matched-kind.js';
import { people } from './people.js';
import { wordsOf } from './words.js';

/** Whoever asks for a scan waits so long for its end: that of a small workspace is over by then. */
const END_WITHIN_MILLISECONDS = 3_000;

/** rapport.contacts.v1.DuplicatesService */
@Injectable()
export class DuplicatesApi implements Handlers<contactsV1.DuplicatesService> {
  constructor(
    @Inject(LookAlikes) private readonly lookAlikes: LookAlikes,
    @Inject(DecidedPairs) private readonly pairs: DecidedPairs,
    @Inject(contacts.token) private readonly records: ContactRecords,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    @Inject(DuplicateQueue) private readonly queue: DuplicateQueue,
  ) {}

  listDuplicates(
    request: contactsV1.ListDuplicatesRequest,
    call: CallContext,
  ): Promise<contactsV1.ListDuplicatesResponse> {
    return this.queue.list(request, call);
  }

  async scanDuplicates(_: contactsV1.ScanDuplicatesRequest, call: CallContext): Promise<contactsV1.DuplicateScan> {
    this.refusePart(call);
    await this.queue.caughtUp(call);
    await this.scans.step('begin', {}, call);
    const { runtime } = this;
    const over = runtime.reacted(SCAN_DUPLICATES).reach(await runtime.engines.events.end(), END_WITHIN_MILLISECONDS);
    await over.catch(unlessBehind);
    return scanMessage(await this.scans.state(call.principal.tenant));
  }

  async getDuplicateScan(_: contactsV1.GetDuplicateScanRequest, call: CallContext): Promise<contactsV1.DuplicateScan> {
    this.refusePart(call);
    return scanMessage(await this.scans.state(call.principal.tenant));
  }

  async cancelDuplicateScan(
    _: contactsV1.CancelDuplicateScanRequest,
    call: CallContext,
  ): Promise<contactsV1.DuplicateScan> {
    this.refusePart(call);
    return scanMessage(await this.scans.step('cancel', {}, call));
  }

  /** How many pairs there are is told to whoever sees all of them. @throws DomainError forbidden */
  private refusePart(call: CallContext): void {
    if (this.queue.sightOf(people, call).rows === undefined) return;
    const message = 'A scan compares all contacts and counts them, and you see a part. Ask somebody who sees all.';
    throw new DomainError('forbidden', 'sees-a-part', message);
  }

  private get scans(): DuplicateScans {
    return new DuplicateScans(this.runtime.provided);
  }

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

const scanMessage = (scan: DuplicateScanState): contactsV1.DuplicateScan => ({
  state: scan?.status ?? 'never',
  ...(scan?.counts ?? NOTHING_SCANNED),
  full: scan?.full ?? false,
});
