import { createHash } from 'node:crypto';
import { partsOf, streamName } from '@rapport/event-store';
import type { RecordedEvent } from '@rapport/kernel';
import { pause } from '@rapport/processing';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { type AboutPerson, erasedType } from './erasure-facts.js';
import type { ErasureReceipt, PersonForgotten } from './erasure.events.js';
import type { ErasureLog } from './erasure-log.js';

const LOOK_AGAIN_MILLISECONDS = 50;

/** Confirms erasures once everything that follows from them is done. */
export class Receipts {
  constructor(
    private readonly record: AboutPerson,
    private readonly runtime: ServiceRuntime,
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
    await this.runtime.engines.readModels.purge();
    const { tenant, id: receiptId } = partsOf(event.stream);
    await this.log.step(receiptId, 'confirm', await this.receiptOf(tenant, receiptId, event.data.id), event);
    return true;
  }

  async receiptOf(tenant: string, receiptId: string, id: string): Promise<ErasureReceipt> {
    let events = 0;
    let fact: RecordedEvent | undefined;
    // In the store as it is on disk: facts that held something about the person are still sealed.
    for await (const event of this.runtime.engines.events.read(streamName(this.record.decider.aggregate, tenant, id))) {
      if (event.metadata.sealed !== undefined) events += 1;
      if (event.type === erasedType(this.record)) fact = event;
    }
    const { actor, occurredAt: erasedAt } = fact!.metadata;
    const lines = [receiptId, id, erasedAt, `${actor.kind}:${actor.id}`, events];
    const digest = createHash('sha256').update(lines.join('\n')).digest('hex');
    return { id, erasedAt, actor, events, digest };
  }
}
