import { createHash } from 'node:crypto';
import { partsOf, streamName } from '@rapport/event-store';
import { DomainError, type RecordedEvent } from '@rapport/kernel';
import { signedReceipt } from '@rapport/privacy';
import { auditKeyOf } from '../audit/audit-chain.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { type AboutPerson, awaitedBy, erasedIds, erasedType } from './erasure-facts.js';
import type { ErasurePart, ErasurePartDone, ErasureReceipt, PersonForgotten } from './erasure.events.js';
import type { ErasureLog } from './erasure-log.js';
import type { ErasureState } from './erasure.js';
import type { Part } from './part.js';

/** Confirms erasures: what was done here, what others say they did, and all of it once nobody is waited for any more. */
export class Receipts {
  constructor(
    private readonly kinds: readonly AboutPerson[],
    private readonly runtime: ServiceRuntime,
    private readonly part: Part,
    private readonly log: ErasureLog,
  ) {}

  /** What follows from an erasure that began here. False when it was broken off. */
  async write(event: RecordedEvent<PersonForgotten>, signal: AbortSignal): Promise<boolean> {
    const part = await this.part.finish(event, event.data.files, signal);
    if (!part) return false;
    const { tenant, id: receiptId } = partsOf(event.stream);
    const receipt = await this.receiptOf(tenant, receiptId, event.data.id);
    await this.log.step(receiptId, 'confirm', { ...receipt, part }, event);
    return true;
  }

  /** What follows from one that began in another context, of which this one has heard. False when it was broken off. */
  async answer(event: RecordedEvent<PersonForgotten>, signal: AbortSignal): Promise<boolean> {
    const { tenant, id: receiptId, aggregate } = partsOf(event.stream);
    const { id, ids } = event.data;
    await this.part.destroyKeys(tenant, ids, event.metadata.occurredAt);
    const files = await this.part.forgetFiles(tenant, ids, event.position);
    const part = await this.part.finish(event, files, signal);
    if (!part) return false;
    const from = aggregate.slice(0, aggregate.indexOf('.'));
    await this.log.step(receiptId, 'takePart', { from, id, part }, event);
    return true;
  }

  /** What another context has done is noted with the erasure, if that began here. */
  async note(event: RecordedEvent<ErasurePartDone>): Promise<void> {
    const { from, part } = event.data;
    const { tenant, id } = partsOf(event.stream);
    if (from !== this.runtime.definition.context) return;
    const { state } = await this.log.load(tenant, id);
    // An erasure that was lost with a backup is nobody's.
    if (state?.forgotten) await this.log.step(id, 'notePart', part, event);
  }

  /** Signs once nobody is waited for. */
  async sign(event: RecordedEvent): Promise<void> {
    const { tenant, id } = partsOf(event.stream);
    const { state, events } = await this.log.load(tenant, id);
    if (!state?.receipt || this.waitingFor(state).length > 0) return;
    const { definition, engines } = this.runtime;
    const { context } = definition;
    const key = await auditKeyOf(engines.keys, context, tenant);
    const { part: _, ...receipt } = state.receipt;
    const parts = this.partsOf(state, events);
    const content = { receipt: 'erasure', tenant, context, receiptId: id, ...receipt, parts, note: NOTE };
    await this.log.step(id, 'sign', signedReceipt(content, key), event);
  }

  /** What each context did, and who is still waited for. */
  partsOf(state: ErasureState, events: readonly RecordedEvent[]): readonly (ErasurePart | WaitedFor)[] {
    const { context } = this.runtime.definition;
    const own = state?.receipt ? ownPart(context, state, events) : waitedFor(context);
    const parts = [own, ...(state?.parts ?? []), ...this.waitingFor(state).map(waitedFor)];
    return parts.sort((a, b) => (a.context < b.context ? -1 : 1));
  }

  async receiptOf(tenant: string, receiptId: string, id: string): Promise<ErasureReceipt> {
    const { record, own, fact } = await this.erased(tenant, id);
    const merged = erasedIds(fact).filter((each) => each !== id);
    const facts = [own, ...(await Promise.all(merged.map((each) => this.factsOf(record, tenant, each))))].flat();
    const events = facts.filter(({ metadata }) => metadata.sealed !== undefined).length;
    const { actor, occurredAt: erasedAt } = fact.metadata;
    const lines = [receiptId, id, erasedAt, `${actor.kind}:${actor.id}`, events];
    const digest = createHash('sha256').update(lines.join('\n')).digest('hex');
    return { id, erasedAt, actor, events, digest };
  }

  /** What the person is here: no two records of any kind have one id. */
  private async erased(tenant: string, id: string) {
    for (const record of this.kinds) {
      const own = await this.factsOf(record, tenant, id);
      const fact = own.find(({ type }) => type === erasedType(record));
      if (fact) return { record, own, fact };
    }
    throw new DomainError('internal', 'not-erased', `Nothing says that ${id} was erased, and its receipt is written.`);
  }

  /** In the store as it is on disk: facts that held something about the person are still sealed. */
  private factsOf({ decider }: AboutPerson, tenant: string, id: string): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.runtime.engines.events.read(streamName(decider.aggregate, tenant, id)));
  }

  private waitingFor(state: ErasureState): readonly string[] {
    if (state?.signed) return [];
    const known = state?.parts.map(({ context }) => context) ?? [];
    return awaitedBy(this.runtime).filter((context) => !known.includes(context));
  }
}

/** A context that has not said yet what it did. */
export interface WaitedFor {
  readonly context: string;
  readonly state: 'waiting';
  readonly takenAlong: readonly [];
}

const waitedFor = (context: string): WaitedFor => ({ context, state: 'waiting', takenAlong: [] });

/** Receipts of older versions do not say it all. */
const ownPart = (
  context: string,
  { forgotten, receipt }: NonNullable<ErasureState>,
  events: readonly RecordedEvent[],
): ErasurePart => {
  const written = events.find(({ type }) => type === 'ErasureReceiptWritten')!;
  const { ids } = forgotten!;
  return (
    receipt!.part ?? {
      ...{ context, state: 'done', doneAt: written.metadata.occurredAt },
      ...{ keys: ids.length, facts: receipt!.events, taken: 0, takenAlong: [] },
    }
  );
};

const NOTE =
  'Facts stay where they are, and what they say about the person is sealed with keys that were destroyed: on disks, on the bus and in backups.';
