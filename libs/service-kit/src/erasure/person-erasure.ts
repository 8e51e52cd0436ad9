import type { InjectionToken, Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf } from '@rapport/access';
import { partsOf } from '@rapport/event-store';
import { type Action, type CallContext, DomainError, type Erased, newId, type RecordedEvent } from '@rapport/kernel';
import type { Reaction } from '@rapport/processing';
import type { Provided } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';
import { type AboutPerson, erasedType } from './erasure-facts.js';
import { ErasureLog } from './erasure-log.js';
import { forgetErased, writeErasureReceipt } from './erasure-reactions.js';
import type { ErasureReceipt } from './erasure.events.js';
import { type FilesAboutPeople, Forgetting } from './forgetting.js';
import { Receipts } from './receipts.js';

/** A request waits so long for the receipt: longer than processes keep keys in memory. */
const PATIENCE_MILLISECONDS = 15_000;

/** How far the erasure of a person is; `events` and `digest` are there once it is done. */
export interface ErasureTold extends ErasureReceipt {
  readonly receiptId: string;
  readonly state: 'running' | 'done';
}

/** The write path of records about people. */
interface PersonRecords {
  run(id: string, steps: readonly object[], call: CallContext, extra: { readonly action: Action }): Promise<unknown>;
  load(id: string, call: CallContext): Promise<readonly RecordedEvent[]>;
}

interface PersonErasureParts {
  readonly record: AboutPerson & { readonly decider: { readonly decide: { readonly erase: Erase } } };
  readonly records: PersonRecords;
  readonly runtime: ServiceRuntime;
  readonly commands: CommandBus;
  readonly files: FilesAboutPeople;
}

type Erase = (state: never, command: Pick<Erased, 'receiptId'>, at: never) => unknown;

/** Asks for a person's erasure, which reactions carry out, and tells how far it is. */
export class PersonErasure {
  readonly reactions: readonly Reaction[];
  private readonly log: ErasureLog;
  private readonly receipts: Receipts;

  constructor(private readonly parts: PersonErasureParts) {
    const { commands, files, record, runtime } = parts;
    this.log = new ErasureLog(runtime, commands);
    this.receipts = new Receipts(record, runtime, this.log);
    const forgetting = new Forgetting(record.decider.aggregate, runtime, files, this.log);
    this.reactions = [forgetErased(record, forgetting), writeErasureReceipt(this.receipts)];
  }

  /** That name its people. */
  get files(): FilesAboutPeople {
    return this.parts.files;
  }

  /** Idempotent: a second erasure answers with the first one's receipt. Says `pending` when that is not written yet. */
  async erase(id: string, call: CallContext): Promise<ErasureTold> {
    const { record, records } = this.parts;
    const receiptId = newId();
    const decide = (state: never, at: never) => record.decider.decide.erase(state, { receiptId }, at);
    await records.run(id, [{ name: `Erase${record.noun}`, input: id, decide }], call, {
      action: 'erase',
    });
    const fact = await this.fact(id, call);
    await this.wait(fact).catch(unlessLate);
    return this.tell(id, fact, call);
  }

  /** @throws DomainError `…-not-found` | `not-erased` */
  async look(id: string, call: CallContext): Promise<ErasureTold> {
    return this.tell(id, await this.fact(id, call), call);
  }

  private async fact(id: string, call: CallContext): Promise<RecordedEvent> {
    const { record, records } = this.parts;
    const fact = (await records.load(id, call)).find(({ type }) => type === erasedType(record));
    if (fact) return fact;
    throw new DomainError('not-found', 'not-erased', `The ${record.decider.aggregate} ${id} was not erased.`);
  }

  private async wait({ position, data, metadata: { tenant } }: RecordedEvent): Promise<void> {
    const { runtime } = this.parts;
    const [forget, confirm] = this.reactions as readonly [Reaction, Reaction];
    const until = performance.now() + PATIENCE_MILLISECONDS;
    await runtime.reacted(forget.name).reach(position, PATIENCE_MILLISECONDS);
    const [forgotten] = (await this.log.load(tenant, (data as Erased).receiptId)).events;
    if (!forgotten) return;
    const left = Math.max(0, until - performance.now());
    await runtime.reacted(confirm.name).reach(forgotten.position, left);
  }

  private async tell(id: string, fact: RecordedEvent, call: CallContext): Promise<ErasureTold> {
    const { actor, occurredAt: erasedAt } = fact.metadata;
    const receipt = await this.receipt(fact);
    if (!receipt) call.answer.pending = true;
    return {
      ...{ receiptId: (fact.data as Erased).receiptId, id, erasedAt, actor },
      ...{ events: receipt?.events ?? 0, digest: receipt?.digest ?? '' },
      state: receipt ? 'done' : 'running',
    };
  }

  /** Erasures of older versions were done when the reaction had passed them, and wrote no receipt. */
  private async receipt({ id, position, stream, data, metadata }: RecordedEvent): Promise<ErasureReceipt | undefined> {
    const { runtime } = this.parts;
    const { name: forget } = this.reactions[0]!;
    const { receiptId } = data as Erased;
    const isPassed = runtime.reacted(forget).position >= position;
    const { state } = await this.log.load(metadata.tenant, receiptId);
    if (state || !isPassed) return state?.receipt;
    const parked = await runtime.parked.list(everythingOf(metadata.tenant), forget);
    if (parked.some(({ eventId }) => eventId === id)) return undefined;
    return this.receipts.receiptOf(metadata.tenant, receiptId, partsOf(stream).id);
  }
}

/** It goes on behind the answer. */
const unlessLate = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || failure.kind !== 'not-caught-up') throw failure;
};

/** Under it a service provides the erasure of its people. */
export const PERSON_ERASURE = Symbol('erasure of people');

/**
 * Lets the people of a kind of record be forgotten.
 * @param files under which token {@link FilesAboutPeople} are provided
 */
export const providePersonErasure = (
  record: PersonErasureParts['record'] & { readonly token: InjectionToken },
  files: InjectionToken,
): Provider => ({
  provide: PERSON_ERASURE,
  inject: [RUNTIME, CommandBus, record.token, files],
  useFactory: (runtime: ServiceRuntime, commands: CommandBus, records: PersonRecords, about: FilesAboutPeople) =>
    new PersonErasure({ record, records, runtime, commands, files: about }),
});

/** To be added to the reactions of a service that provides it. */
export const erasureReactions = (provided: Provided): readonly Reaction[] =>
  provided<PersonErasure>(PERSON_ERASURE).reactions;
