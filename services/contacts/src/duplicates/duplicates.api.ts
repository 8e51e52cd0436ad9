import { Inject, Injectable } from '@nestjs/common';
import { scopeOf } from '@rapport/access';
import { contactsV1, type typesV1 } from '@rapport/contracts';
import { type CallContext, DomainError } from '@rapport/kernel';
import { type Handlers, RUNTIME, type ServiceRuntime, survivorOf } from '@rapport/service-kit';
import { type DuplicateScanState, NOTHING_SCANNED } from '../domain/duplicate-scan/duplicate-scan.js';
import { type PairedKind, pairOf, pairOfAccounts } from '../domain/duplicate/duplicate.js';
import { SCAN_DUPLICATES } from '../reactions/scan-duplicates.js';
import { DecidedPairs, noRecord } from './decided-pairs.js';
import { DuplicateQueue, unlessBehind } from './duplicate-queue.js';
import { DuplicateScans, MOST_SCANNED } from './duplicate-scans.js';
import { matchedKind, matchedKinds } from './kinds.js';
import { LookAlikes } from './look-alikes.js';
import { rounded } from './matched-kind.js';
import { wordsOf } from './words.js';

/** Whoever asks for a scan waits so long for its end: that of a small workspace is over by then. */
const END_WITHIN_MILLISECONDS = 3_000;

/** rapport.contacts.v1.DuplicatesService */
@Injectable()
export class DuplicatesApi implements Handlers<contactsV1.DuplicatesService> {
  constructor(
    @Inject(LookAlikes) private readonly lookAlikes: LookAlikes,
    @Inject(DecidedPairs) private readonly pairs: DecidedPairs,
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
    if (await this.scans.isTooLarge(call.principal.tenant)) throw tooLarge();
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
    if (matchedKinds.every((kind) => this.queue.sightOf(kind, call).rows === undefined)) return;
    const message =
      'A scan compares all contacts and accounts and counts pairs of them, and you see a part. Ask somebody who sees all.';
    throw new DomainError('forbidden', 'sees-a-part', message);
  }

  private get scans(): DuplicateScans {
    return new DuplicateScans(this.runtime.provided);
  }

  async listContactDuplicates(
    request: typesV1.RecordRequest,
    call: CallContext,
  ): Promise<contactsV1.ListContactDuplicatesResponse> {
    const found = await this.of('contact', request.id, call);
    return { data: found.map(({ id: contactId, ...told }) => ({ contactId, ...told })) };
  }

  async listAccountDuplicates(
    request: typesV1.RecordRequest,
    call: CallContext,
  ): Promise<contactsV1.ListAccountDuplicatesResponse> {
    const found = await this.of('account', request.id, call);
    return { data: found.map(({ id: accountId, ...told }) => ({ accountId, ...told })) };
  }

  async dismissDuplicate(asked: contactsV1.DuplicatePairRequest, call: CallContext): Promise<contactsV1.DuplicatePair> {
    const pair = pairOf(asked.contactId, asked.otherContactId);
    await this.pairs.dismiss(pair, call);
    return { ...pair, status: 'dismissed' };
  }

  async reopenDuplicate(asked: contactsV1.DuplicatePairRequest, call: CallContext): Promise<contactsV1.DuplicatePair> {
    const pair = pairOf(asked.contactId, asked.otherContactId);
    await this.pairs.reopen(pair, call);
    return { ...pair, status: 'open' };
  }

  async dismissAccountDuplicate(
    asked: contactsV1.AccountPairRequest,
    call: CallContext,
  ): Promise<contactsV1.AccountPair> {
    const pair = pairOfAccounts(asked.accountId, asked.otherAccountId);
    await this.pairs.dismiss(pair, call);
    return { ...pair, status: 'dismissed' };
  }

  async reopenAccountDuplicate(
    asked: contactsV1.AccountPairRequest,
    call: CallContext,
  ): Promise<contactsV1.AccountPair> {
    const pair = pairOfAccounts(asked.accountId, asked.otherAccountId);
    await this.pairs.reopen(pair, call);
    return { ...pair, status: 'open' };
  }

  /** What may be the same as one record, as the caller sees it. */
  private async of(kind: PairedKind, asked: string, call: CallContext) {
    await this.pairs.caughtUp(kind, call);
    const { documents } = this.runtime.projection(matchedKind(kind).list);
    const id = await survivorOf(documents, call.principal.tenant, asked);
    const record = await documents.get(scopeOf(call.principal, kind), id);
    if (!record) throw noRecord(kind, id);
    const found = await this.lookAlikes.of(kind, record, call.principal);
    const others = found.map((other) => other.id);
    const dismissed = await this.pairs.dismissed(kind, id, others, call);
    return found.map(({ id: other, score, verdict, evidence }) => ({
      ...{ id: other, score: rounded(score), verdict },
      evidence: evidence.map(wordsOf),
      status: dismissed.has(other) ? 'dismissed' : 'open',
    }));
  }
}

const scanMessage = (scan: DuplicateScanState): contactsV1.DuplicateScan => ({
  state: scan?.status ?? 'never',
  ...(scan?.counts ?? NOTHING_SCANNED),
  full: scan?.full ?? false,
});

const tooLarge = (): DomainError => {
  const most = MOST_SCANNED.toLocaleString('en');
  const message = `A scan compares up to ${most} records of a kind, and there are more. Pairs are still found of each that is created or changes.`;
  return new DomainError('conflict', 'too-many-to-scan', message);
};
