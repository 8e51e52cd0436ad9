import { type EventStore, streamName } from '@rapport/event-store';
import {
  type Clock,
  type Decider,
  DomainError,
  type DomainEvent,
  fold,
  isRejection,
  type RecordedEvent,
  systemClock,
  type Calendar,
  type TimeZone,
  UTC_CALENDAR,
} from '@rapport/kernel';
import { type AnyDecider, callOf, type OrderedStep, type RunSteps, type StepsOutcome } from './commands.js';
import { type RecordRevert, revertRecord } from './revert-record.js';

/** What one row does to one record. */
export interface RecordOrder {
  readonly tenant: string;
  readonly importId: string;
  /** The user behind the import. */
  readonly by: string | undefined;
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
}

/** The target over an aggregate's decider and the service's write path. */
export const recordTarget = <State, E extends DomainEvent, C extends object>(
  decider: Decider<State, E, C>,
  { events, run, clock = systemClock, calendar = UTC_CALENDAR }: RecordTargetParts,
): RecordTarget => {
  const untyped = decider as unknown as AnyDecider;
  return {
    apply: ({ tenant, importId, by, recordId, commandId, steps: given, isLater }) => {
      const steps = inItsTurn(untyped, untilNow(given, clock.now()), isLater);
      return run({ decider: untyped, id: recordId, steps, call: callOf(tenant, importId, by), commandId });
    },
    preview: async ({ tenant, recordId, steps }) => {
      const history = await historyOf(events, streamName(untyped.aggregate, tenant, recordId));
      const moment = { now: clock.now(), zone: calendar.zoneOf(tenant) };
      return { outcome: previewed(untyped, history, recordId, steps, moment) };
    },
    isFrom: async (tenant, importId, recordId) => {
      const stream = streamName(untyped.aggregate, tenant, recordId);
      for await (const { metadata } of events.read(stream, { limit: 1 }))
        return metadata.actor.kind === 'import' && metadata.actor.id === importId;
      return false;
    },
    revert: async ({ tenant, importId, by, recordId }) => {
      let reverted = revertRecord(
        untyped,
        await historyOf(events, streamName(untyped.aggregate, tenant, recordId)),
        importId,
      );
      if (reverted.events.length > 0) {
        const decide: OrderedStep['decide'] = (_, __, history) =>
          (reverted = revertRecord(untyped, history, importId)).events;
        const steps = [{ name: 'RevertImport', input: importId, decide }];
        await run({ decider: untyped, id: recordId, steps, call: callOf(tenant, importId, by) });
      }
      return { outcome: reverted.outcome, kept: reverted.kept };
    },
  };
};

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

const historyOf = async (events: EventStore, stream: string): Promise<RecordedEvent[]> => {
  const history: RecordedEvent[] = [];
  for await (const event of events.read(stream)) history.push(event);
  return history;
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
