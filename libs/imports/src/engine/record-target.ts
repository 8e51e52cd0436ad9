import { type EventStore, streamName } from '@rapport/event-store';
import {
  type CallContext,
  type Clock,
  type Decider,
  DomainError,
  type DomainEvent,
  fold,
  isRejection,
  type RecordedEvent,
  type Policy,
  systemClock,
  type Calendar,
  type TimeZone,
  UTC_CALENDAR,
} from '@rapport/kernel';
import type { ListOf } from '@rapport/service-kit';
import { type AnyDecider, callOf, type OrderedStep, type RunSteps, type StepsOutcome } from './commands.js';
import { type RecordRevert, refusedRevert, revertRecord } from './revert-record.js';
import { RowPermit } from './row-permit.js';

/** What one row does to one record. */
export interface RecordOrder {
  readonly tenant: string;
  readonly importId: string;
  /** The user behind the import. */
  readonly by: string | undefined;
  /** What that one may see and do; everything where it is left out. */
  readonly policy?: Policy | undefined;
  readonly recordId: string;
  readonly commandId: string;
  readonly steps: readonly OrderedStep[];
  /** Whether a command is one of a row that comes after this one; see {@link inItsTurn}. */
  readonly isLater?: (commandId: string) => boolean;
}

/** The records of one aggregate, as an import writes them. Expected refusals are thrown as DomainError. */
export interface RecordTarget {
  /** All steps in one append, or nothing. Repeated with the same command id it answers the same and does nothing. */
  apply(order: RecordOrder): Promise<StepsOutcome>;
  /** What {@link apply} would answer now, without writing. */
  preview(order: RecordOrder): Promise<Pick<StepsOutcome, 'outcome'>>;
  /** Whether an import created a record. */
  isFrom(tenant: string, importId: string, recordId: string): Promise<boolean>;
  /** Takes back what an import did to a record, see {@link revertRecord}. Repeatable. */
  revert(order: Omit<RecordOrder, 'steps' | 'commandId'>): Promise<Omit<RecordRevert, 'events'>>;
}

export interface RecordTargetParts {
  /** Events with their personal fields readable. */
  readonly events: EventStore;
  readonly run: RunSteps;
  readonly clock?: Clock;
  /** By whose days; UTC for everybody when left out. */
  readonly calendar?: Calendar;
  /** The lists by which rights are told, where not everybody sees everything. */
  readonly listOf?: ListOf;
}

/** The target over an aggregate's decider and the service's write path. */
export const recordTarget = <State, E extends DomainEvent, C extends object>(
  decider: Decider<State, E, C>,
  parts: RecordTargetParts,
): RecordTarget => {
  const records = new DecidedRecords(decider as unknown as AnyDecider, parts);
  // Services put something before one of these, and leave the others as they are.
  return {
    apply: (order) => records.apply(order),
    preview: (order) => records.preview(order),
    isFrom: (tenant, importId, recordId) => records.isFrom(tenant, importId, recordId),
    revert: (order) => records.revert(order),
  };
};

type Asked = Omit<RecordOrder, 'steps' | 'commandId'>;

class DecidedRecords implements RecordTarget {
  constructor(
    private readonly decider: AnyDecider,
    private readonly parts: RecordTargetParts,
  ) {}

  async apply(order: RecordOrder): Promise<StepsOutcome> {
    const { recordId: id, commandId, isLater } = order;
    const permit = this.permitOf(order);
    if (permit) permit.requireSight(await this.load(order), commandId);
    const timely = inItsTurn(this.decider, untilNow(order.steps, this.now()), isLater);
    const steps = permit ? timely.map((step) => permit.judged(step)) : timely;
    return this.parts.run({ decider: this.decider, id, steps, call: callBy(order), commandId });
  }

  async preview(order: RecordOrder): Promise<Pick<StepsOutcome, 'outcome'>> {
    const { tenant, recordId } = order;
    const history = await this.load(order);
    const permit = this.permitOf(order);
    permit?.requireSight(history, order.commandId);
    const steps = permit ? order.steps.map((step) => permit.judged(step)) : order.steps;
    const moment = { now: this.now(), zone: (this.parts.calendar ?? UTC_CALENDAR).zoneOf(tenant) };
    return { outcome: previewed(this.decider, history, recordId, steps, moment) };
  }

  async isFrom(tenant: string, importId: string, recordId: string): Promise<boolean> {
    const stream = streamName(this.decider.aggregate, tenant, recordId);
    for await (const { metadata } of this.parts.events.read(stream, { limit: 1 }))
      return metadata.actor.kind === 'import' && metadata.actor.id === importId;
    return false;
  }

  async revert(order: Asked): Promise<Omit<RecordRevert, 'events'>> {
    const { importId, recordId: id } = order;
    const { decider } = this;
    const permit = this.permitOf(order);
    const history = await this.load(order);
    if (permit && !permit.isSeen(history)) return refusedRevert();
    let reverted = revertRecord(decider, history, importId);
    if (reverted.events.length > 0) {
      const decide: OrderedStep['decide'] = (_, __, present) =>
        (reverted = revertRecord(decider, present, importId)).events;
      const step = { name: 'RevertImport', input: importId, decide };
      try {
        await this.parts.run({ decider, id, steps: [permit?.judged(step) ?? step], call: callBy(order) });
      } catch (failure) {
        if (failure instanceof DomainError && failure.kind === 'forbidden') return refusedRevert();
        throw failure;
      }
    }
    return { outcome: reverted.outcome, kept: reverted.kept };
  }

  private permitOf({ tenant, importId, by, policy }: Asked): RowPermit | undefined {
    const { listOf = () => undefined } = this.parts;
    return policy && new RowPermit(this.decider, listOf, callOf(tenant, importId, by, policy));
  }

  private load({ tenant, recordId }: Asked): Promise<readonly RecordedEvent[]> {
    return Array.fromAsync(this.parts.events.read(streamName(this.decider.aggregate, tenant, recordId)));
  }

  private now(): Date {
    return (this.parts.clock ?? systemClock).now();
  }
}

const callBy = ({ tenant, importId, by }: Asked): CallContext => callOf(tenant, importId, by);

/** What is said to happen later is decided now: a day may have begun where the customer is, and the rules know how far. */
const untilNow = (steps: readonly OrderedStep[], now: Date): readonly OrderedStep[] =>
  steps.map(({ occurredAt, ...step }) =>
    occurredAt === undefined || Date.parse(occurredAt) > now.getTime() ? step : { ...step, occurredAt },
  );

/**
 * Rows of one record run one after another, and one that changes nothing leaves nothing behind to know it by. Where a later
 * row has written and this one has not, it was decided before that, in a process that died: then it changes nothing now
 * either, and is refused where it was refused.
 */
const inItsTurn = (
  decider: AnyDecider,
  steps: readonly OrderedStep[],
  isLater: RecordOrder['isLater'],
): readonly OrderedStep[] => {
  if (!isLater) return steps;
  return steps.map((step) => ({
    ...step,
    decide: (state, circumstances, history) => {
      const turn = history.findIndex(({ metadata }) => isLater(metadata.commandId));
      if (turn === -1) return step.decide(state, circumstances, history);
      const before = history.slice(0, turn);
      const decision = step.decide(fold(decider, before), circumstances, before);
      return isRejection(decision) ? decision : [];
    },
  }));
};

/** @throws DomainError where a step is refused */
const previewed = (
  decider: AnyDecider,
  history: readonly RecordedEvent[],
  id: string,
  steps: readonly OrderedStep[],
  { now, zone }: { readonly now: Date; readonly zone: TimeZone },
): StepsOutcome['outcome'] => {
  let state = fold(decider, history);
  let changes = 0;
  for (const step of untilNow(steps, now)) {
    const at = step.occurredAt ?? now.toISOString();
    const decision = step.decide(state, { at, id, zone }, history);
    if (isRejection(decision)) throw DomainError.of(decision);
    for (const event of decision) state = decider.evolve(state, event);
    changes += decision.length;
  }
  if (changes === 0) return 'unchanged';
  return history.length === 0 ? 'created' : 'updated';
};
