import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { newId, type CallContext, type RecordedEvent } from '@rapport/kernel';
import { ENGINES, type Engines } from '@rapport/service-kit';
import { contact } from '../domain/contact/contact.js';
import type { ContactErased } from '../domain/contact/contact.events.js';
import { type ContactRecords, contacts } from '../records/contacts.js';
import { Forgetting } from './forgetting.js';

/** Forgets a person and gives a receipt: the fact first, then all that follows from it. */
@Injectable()
export class Erasure {
  constructor(
    @Inject(contacts.token) private readonly contacts: ContactRecords,
    @Inject(ENGINES) private readonly engines: Engines,
    private readonly forgetting: Forgetting,
  ) {}

  /** Idempotent: a second erasure answers with the first one's receipt. */
  async erase(id: string, call: CallContext): Promise<contactsV1.ErasureReceipt> {
    const receiptId = newId();
    const decide = contact.decide.erase;
    await this.contacts.run(
      id,
      [{ name: 'EraseContact', input: id, decide: (state, at) => decide(state, { receiptId }, at) }],
      call,
    );
    const events = await this.contacts.load(id, call);
    const fact = events.find((event) => event.type === 'ContactErased') as RecordedEvent<ContactErased>;
    await this.forgetting.forget(fact);
    return receiptOf(id, fact, await this.sealedEvents(call.principal.tenant, id));
  }

  /** How many facts held something about the person, seen in the store as it is on disk. */
  private async sealedEvents(tenant: string, id: string): Promise<number> {
    let sealed = 0;
    for await (const event of this.engines.events.read(streamName('contact', tenant, id))) {
      if (event.metadata.sealed !== undefined) sealed += 1;
    }
    return sealed;
  }
}

const receiptOf = (id: string, fact: RecordedEvent<ContactErased>, sealed: number): contactsV1.ErasureReceipt => {
  const { actor, occurredAt: erasedAt } = fact.metadata;
  const { receiptId } = fact.data;
  const lines = [receiptId, id, erasedAt, `${actor.kind}:${actor.id}`, sealed];
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex');
  return {
    receiptId,
    contactId: id,
    erasedAt,
    actor: { kind: actor.kind, id: actor.id, onBehalfOf: actor.onBehalfOf },
    events: sealed,
    digest,
  };
};
