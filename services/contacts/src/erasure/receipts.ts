import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { partsOf, streamName } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { pause } from '@rapport/processing';
import { ENGINES, RUNTIME, type Engines, type ServiceRuntime } from '@rapport/service-kit';
import type { ContactErased } from '../domain/contact/contact.events.js';
import type { ErasureReceipt, PersonForgotten } from '../domain/erasure/erasure.events.js';
import { ErasureLog } from './erasure-log.js';

const LOOK_AGAIN_MILLISECONDS = 50;

/** Confirms erasures once everything that follows from them is done. */
@Injectable()
export class Receipts {
  constructor(
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(RUNTIME) private readonly runtime: ServiceRuntime,
    private readonly log: ErasureLog,
  ) {}

  /** Waits for every read model, also for those being built. False when it was broken off. */
  async write(event: RecordedEvent<PersonForgotten>, signal: AbortSignal): Promise<boolean> {
    for (const projection of this.runtime.allProjections) {
      while (!(await projection.hasPassed(event.position))) {
        await pause(LOOK_AGAIN_MILLISECONDS, signal);
        if (signal.aborted) return false;
      }
    }
    await this.engines.readModels.purge();
    const { tenant, id } = partsOf(event.stream);
    await this.log.step(id, 'confirm', await this.receiptOf(tenant, id, event.data.contactId), event);
    return true;
  }

  async receiptOf(tenant: string, receiptId: string, contactId: string): Promise<ErasureReceipt> {
    let events = 0;
    let fact: RecordedEvent<ContactErased> | undefined;
    // In the store as it is on disk: facts that held something about the person are still sealed.
    for await (const event of this.engines.events.read(streamName('contact', tenant, contactId))) {
      if (event.metadata.sealed !== undefined) events += 1;
      if (event.type === 'ContactErased') fact = event as RecordedEvent<ContactErased>;
    }
    const { actor, occurredAt: erasedAt } = fact!.metadata;
    const lines = [receiptId, contactId, erasedAt, `${actor.kind}:${actor.id}`, events];
    const digest = createHash('sha256').update(lines.join('\n')).digest('hex');
    return { contactId, erasedAt, actor, events, digest };
  }
}
