import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { contactsV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { newId, type CallContext, type RecordedEvent } from '@rapport/kernel';
import { positionIn, ENGINES, RUNTIME, type Engines, type ServiceRuntime } from '@rapport/service-kit';
import { contact } from '../domain/contact/contact.js';
import type { ContactErased } from '../domain/contact/contact.events.js';
import { CONTACTS, type ContactRecords } from '../records.js';

const WITHIN_MILLISECONDS = 30_000;

/** Forgets a person: the fact first, then the key, then what was derived from it, then the files' own remains. */
@Injectable()
export class Erasure {
  constructor(
    @Inject(CONTACTS) private readonly contacts: ContactRecords,
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
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
    const { tenant } = call.principal;
    const events = await this.contacts.load(id, call);
    const fact = events.find((event) => event.type === 'ContactErased') as RecordedEvent<ContactErased>;
    await this.engines.keys.destroy({ tenant, id }, fact.metadata.occurredAt);
    const position = positionIn(call.answer.consistency, 'contacts') ?? fact.position;
    await Promise.all(this.runtime.allProjections.map((projection) => projection.reach(position, WITHIN_MILLISECONDS)));
    await this.engines.readModels.purge();
    return receiptOf(id, fact, await this.sealedEvents(tenant, id));
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
