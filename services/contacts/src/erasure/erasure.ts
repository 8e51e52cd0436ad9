import { Inject, Injectable } from '@nestjs/common';
import { everythingOf } from '@rapport/access';
import type { contactsV1 } from '@rapport/contracts';
import { partsOf } from '@rapport/event-store';
import { DomainError, newId, type CallContext, type RecordedEvent } from '@rapport/kernel';
import { RUNTIME, type ServiceRuntime } from '@rapport/service-kit';
import { contact } from '../domain/contact/contact.js';
import type { ContactErased } from '../domain/contact/contact.events.js';
import type { ErasureReceipt } from '../domain/erasure/erasure.events.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import { ErasureLog } from './erasure-log.js';
import { Receipts } from './receipts.js';

/** A request waits so long for the receipt: longer than processes keep keys in memory. */
const PATIENCE_MILLISECONDS = 15_000;

/** The reactions that do it. */
const FORGET = 'forget-erased-contact';
const CONFIRM = 'write-erasure-receipt';

/** Asks for a person's erasure, which reactions carry out, and tells how far it is. */
@Injectable()
export class Erasure {
  constructor(
    @Inject(contacts.token) private readonly contacts: ContactRecords,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    private readonly log: ErasureLog,
    private readonly receipts: Receipts,
  ) {}

  /** Idempotent: a second erasure answers with the first one's receipt. Says `pending` when that is not written yet. */
  async erase(id: string, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    const receiptId = newId();
    const decide = contact.decide.erase;
    await this.contacts.run(
      id,
      [{ name: 'EraseContact', input: id, decide: (state, at) => decide(state, { receiptId }, at) }],
      call,
    );
    const fact = await this.fact(id, call);
    await this.wait(fact).catch(unlessLate);
    return this.tell(id, fact, call);
  }

  /** @throws DomainError `contact-not-found` | `not-erased` */
  async look(id: string, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    return this.tell(id, await this.fact(id, call), call);
  }

  private async fact(id: string, call: CallContext): Promise<RecordedEvent<ContactErased>> {
    const events = await this.contacts.load(id, call);
    const fact = events.find(({ type }) => type === 'ContactErased');
    if (fact) return fact as RecordedEvent<ContactErased>;
    throw new DomainError('not-found', 'not-erased', `The contact ${id} was not erased.`);
  }

  private async wait({ position, data, metadata: { tenant } }: RecordedEvent<ContactErased>): Promise<void> {
    const until = performance.now() + PATIENCE_MILLISECONDS;
    await this.runtime.reacted(FORGET).reach(position, PATIENCE_MILLISECONDS);
    const [forgotten] = (await this.log.load(tenant, data.receiptId)).events;
    if (!forgotten) return;
    const left = Math.max(0, until - performance.now());
    await this.runtime.reacted(CONFIRM).reach(forgotten.position, left);
  }

  private async tell(
    contactId: string,
    fact: RecordedEvent<ContactErased>,
    call: CallContext,
  ): Promise<contactsV1.ErasureReceipt> {
    const { actor, occurredAt: erasedAt } = fact.metadata;
    const receipt = await this.receipt(fact);
    if (!receipt) call.answer.pending = true;
    return {
      receiptId: fact.data.receiptId,
      contactId,
      erasedAt,
      actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
      events: receipt?.events ?? 0,
      digest: receipt?.digest ?? '',
      state: receipt ? 'done' : 'running',
    };
  }

  /** Erasures of older versions were done when the reaction had passed them, and wrote no receipt. */
  private async receipt(fact: RecordedEvent<ContactErased>): Promise<ErasureReceipt | undefined> {
    const { id, position, stream, data, metadata } = fact;
    const isPassed = this.runtime.reacted(FORGET).position >= position;
    const { state } = await this.log.load(metadata.tenant, data.receiptId);
    if (state || !isPassed) return state?.receipt;
    const parked = await this.runtime.parked.list(everythingOf(metadata.tenant), FORGET);
    if (parked.some(({ eventId }) => eventId === id)) return undefined;
    return this.receipts.receiptOf(metadata.tenant, data.receiptId, partsOf(stream).id);
  }
}

/** It goes on behind the answer. */
const unlessLate = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || failure.kind !== 'not-caught-up') throw failure;
};
