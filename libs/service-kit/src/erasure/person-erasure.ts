import type { InjectionToken, Provider } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { everythingOf, scopeOf } from '@rapport/access';
import type { privacyV1 } from '@rapport/contracts';
import { partsOf } from '@rapport/event-store';
import {
  type Action,
  type CallContext,
  type Decision,
  DomainError,
  type DomainEvent,
  type Erased,
  newId,
  type RecordedEvent,
} from '@rapport/kernel';
import type { SignedReceipt } from '@rapport/privacy';
import type { Reaction } from '@rapport/processing';
import type { Provided } from '../service/service-definition.js';
import type { ServiceRuntime } from '../service/service-runtime.js';
import { RUNTIME } from '../service/tokens.js';
import { type AboutPerson, erasedType, neighboursForgetting } from './erasure-facts.js';
import { ErasureLog } from './erasure-log.js';
import type { ErasureState } from './erasure.js';
import {
  answerErasures,
  forgetErased,
  forgettingOf,
  noteErasureParts,
  signErasureReceipt,
  writeErasureReceipt,
} from './erasure-reactions.js';
import type { ErasureReceipt } from './erasure.events.js';
import { Forgetting } from './forgetting.js';
import { type FilesAboutPeople, Part } from './part.js';
import { Receipts } from './receipts.js';

/** A request waits so long for the receipt: longer than processes keep keys in memory. */
const PATIENCE_MILLISECONDS = 15_000;

/** How far the erasure of a person is; `events` and `digest` are there once it is done where it began. */
export interface ErasureTold extends Omit<ErasureReceipt, 'part'> {
  readonly receiptId: string;
  /** Done once every context has done its part. */
  readonly state: 'running' | 'done';
  readonly parts: privacyV1.ErasurePart[];
  /** There once it is done, as are the parts before, for whoever may erase everybody; not with erasures of older versions. */
  readonly signed: SignedReceipt | undefined;
}

/** The write path of records about people. */
interface PersonRecords {
  run(id: string, steps: readonly object[], call: CallContext, extra: { readonly action: Action }): Promise<unknown>;
  load(id: string, call: CallContext): Promise<readonly RecordedEvent[]>;
}

/** What has to be taken from a person's record while it can be read. Repeatable; the erasure may still be refused. */
export interface BeforeErasure {
  beforeErasure(id: string, history: readonly RecordedEvent[], call: CallContext): Promise<void>;
}

type PersonKind = AboutPerson & { readonly decider: { readonly decide: { readonly erase: Erase } } };

/** A kind of record about people, and its write path. */
interface People {
  readonly record: PersonKind;
  readonly records: PersonRecords;
}

interface PersonErasureParts {
  /** All kinds that a context has; most have one. */
  readonly people: readonly People[];
  readonly runtime: ServiceRuntime;
  readonly commands: CommandBus;
  readonly files: FilesAboutPeople;
  readonly before?: BeforeErasure;
}

/** A refusal, or that nothing is to be done; undefined where nothing stands above an erasure. */
export type ErasureGuard = (
  state: object | null,
  history: readonly RecordedEvent[],
) => Decision<DomainEvent> | undefined;

type Erase = (state: never, command: Pick<Erased, 'receiptId'>, at: never) => unknown;

/** Asks for a person's erasure, which reactions carry out, and tells how far it is. */
export class PersonErasure {
  readonly reactions: readonly Reaction[];
  private readonly log: ErasureLog;
  private readonly receipts: Receipts;

  constructor(private readonly parts: PersonErasureParts) {
    const { commands, files, people, runtime } = parts;
    const kinds = people.map(({ record }) => record);
    this.log = new ErasureLog(runtime, commands);
    const part = new Part(kinds.map(aggregateOf), runtime, files);
    this.receipts = new Receipts(kinds, runtime, part, this.log);
    const forgetting = new Forgetting(runtime, part, this.log);
    const neighbours = neighboursForgetting(runtime.definition).map(({ prefix }) => prefix);
    this.reactions = [
      ...kinds.map((record) => forgetErased(record, forgetting)),
      writeErasureReceipt(this.receipts),
      answerErasures(this.receipts, neighbours),
      noteErasureParts(this.receipts, neighbours),
      signErasureReceipt(this.receipts),
    ];
  }

  /** That name its people. */
  get files(): FilesAboutPeople {
    return this.parts.files;
  }

  /**
   * Idempotent: a second erasure answers with the first one's receipt. Says `pending` when that is not written yet.
   * @param aggregate what the person is here, where there are several kinds; the first of them when left out
   */
  async erase(id: string, call: CallContext, aggregate?: string): Promise<ErasureTold> {
    await this.begin(id, call, { ...(aggregate !== undefined && { aggregate }) });
    const fact = await this.fact(id, call, this.kind(aggregate));
    await this.wait(fact).catch(unlessLate);
    return this.tell(id, fact, call);
  }

  /**
   * Stores that somebody is to be forgotten, and waits for nothing.
   * @param guard what stands above that
   */
  async begin(
    id: string,
    call: CallContext,
    { aggregate, guard }: { readonly aggregate?: string; readonly guard?: ErasureGuard } = {},
  ): Promise<void> {
    const { record, records } = this.kind(aggregate);
    await this.parts.before?.beforeErasure(id, await records.load(id, call), call);
    const receiptId = newId();
    const decide = (state: never, at: never, history: readonly RecordedEvent[]) =>
      guard?.(state, history) ?? record.decider.decide.erase(state, { receiptId }, at);
    const steps = [{ name: `Erase${record.noun}`, input: id, decide }];
    await records.run(id, steps, call, { action: 'erase' });
  }

  /** @throws DomainError `…-not-found` | `not-erased` */
  async look(id: string, call: CallContext, aggregate?: string): Promise<ErasureTold> {
    return this.tell(id, await this.fact(id, call, this.kind(aggregate)), call);
  }

  private kind(aggregate?: string): People {
    const [first, ...others] = this.parts.people;
    return others.find(({ record }) => aggregateOf(record) === aggregate) ?? first!;
  }

  private async fact(id: string, call: CallContext, { record, records }: People): Promise<RecordedEvent> {
    const fact = (await records.load(id, call)).find(({ type }) => type === erasedType(record));
    if (fact) return fact;
    throw new DomainError('not-found', 'not-erased', `The ${record.decider.aggregate} ${id} was not erased.`);
  }

  /** Until every context has done its part, or somebody who asks has waited long enough. */
  private async wait({ position, stream, data, metadata: { tenant } }: RecordedEvent): Promise<void> {
    const { runtime } = this.parts;
    const { receiptId } = data as Erased;
    const until = performance.now() + PATIENCE_MILLISECONDS;
    await runtime.reacted(forgettingOf(partsOf(stream).aggregate)).reach(position, PATIENCE_MILLISECONDS);
    const left = Math.max(0, Math.ceil(until - performance.now()));
    await this.log.signed(tenant, receiptId, AbortSignal.timeout(left));
  }

  private async tell(id: string, fact: RecordedEvent, call: CallContext): Promise<ErasureTold> {
    const { actor, occurredAt: erasedAt, tenant } = fact.metadata;
    const { receiptId } = fact.data as Erased;
    const { state, events } = await this.log.load(tenant, receiptId);
    const former = state ? undefined : await this.former(fact);
    const receipt = state?.receipt ?? former;
    const isDone = state?.signed !== undefined || former !== undefined;
    if (!isDone) call.answer.pending = true;
    return {
      ...{ receiptId, id, erasedAt, actor, events: receipt?.events ?? 0, digest: receipt?.digest ?? '' },
      state: isDone ? 'done' : 'running',
      ...this.proof(partsOf(fact.stream).aggregate, state, events, call),
    };
  }

  /** Says who has taken what along: for whoever may erase everybody, as the audit trail is. */
  private proof(
    aggregate: string,
    state: ErasureState,
    events: readonly RecordedEvent[],
    { principal }: CallContext,
  ): Pick<ErasureTold, 'parts' | 'signed'> {
    const isShown = state !== null && scopeOf(principal, aggregate, 'erase').isWhole;
    if (!isShown) return { parts: [], signed: undefined };
    return { parts: this.receipts.partsOf(state, events) as ErasureTold['parts'], signed: state.signed };
  }

  /** Erasures of older versions were done when the reaction had passed them, and wrote no receipt. */
  private async former({ id, position, stream, data, metadata }: RecordedEvent): Promise<ErasureReceipt | undefined> {
    const { runtime } = this.parts;
    const forget = forgettingOf(partsOf(stream).aggregate);
    if (runtime.reacted(forget).position < position) return undefined;
    const { receiptId } = data as Erased;
    // It may have been forgotten meanwhile.
    if ((await this.log.load(metadata.tenant, receiptId)).state) return undefined;
    const parked = await runtime.parked.list(everythingOf(metadata.tenant), forget);
    if (parked.some(({ eventId }) => eventId === id)) return undefined;
    return this.receipts.receiptOf(metadata.tenant, receiptId, partsOf(stream).id);
  }
}

const aggregateOf = ({ decider }: AboutPerson): string => decider.aggregate;

/** It goes on behind the answer. */
const unlessLate = (failure: unknown): void => {
  if (!(failure instanceof DomainError) || failure.kind !== 'not-caught-up') throw failure;
};

/** Under it a service provides the erasure of its people. */
export const PERSON_ERASURE = Symbol('erasure of people');

type ProvidedKind = PersonKind & { readonly token: InjectionToken };

/**
 * Lets the people of a kind of record be forgotten, or of several.
 * @param files under which token {@link FilesAboutPeople} are provided
 * @param before under which {@link BeforeErasure} is, where something is to be done first
 */
export const providePersonErasure = (
  kinds: ProvidedKind | readonly ProvidedKind[],
  files: InjectionToken,
  before?: InjectionToken,
): Provider => {
  const all = [kinds].flat() as readonly ProvidedKind[];
  return {
    provide: PERSON_ERASURE,
    inject: [RUNTIME, CommandBus, files, ...all.map(({ token }) => token), ...(before === undefined ? [] : [before])],
    useFactory: (
      runtime: ServiceRuntime,
      commands: CommandBus,
      about: FilesAboutPeople,
      ...rest: readonly unknown[]
    ) => {
      const people = all.map((record, n) => ({ record, records: rest[n] as PersonRecords }));
      const first = rest[all.length] as BeforeErasure | undefined;
      return new PersonErasure({ people, runtime, commands, files: about, ...(first && { before: first }) });
    },
  };
};

/** To be added to the reactions of a service that provides it. */
export const erasureReactions = (provided: Provided): readonly Reaction[] =>
  provided<PersonErasure>(PERSON_ERASURE).reactions;
