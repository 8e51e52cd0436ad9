import { partsOf, streamName } from '@rapport/event-store';
import { type DomainEvent, type EventCatalogue, idFrom, UNCHANGED } from '@rapport/kernel';

/** One timer of one record, due at one instant: what fires once. */
export interface DueTimer {
  /** The record's own stream, whose tenant it belongs to. */
  readonly record: string;
  readonly timer: string;
  /** RFC 3339 UTC with milliseconds. */
  readonly dueAt: string;
}

/** `reason` is a stable code: `already-won`. Facts repeat no messages, which may say something about people. */
export type TimerEvent =
  | DomainEvent<'TimerFired', DueTimer>
  | DomainEvent<'TimerLapsed', DueTimer & { readonly reason: string }>
  | DomainEvent<'TimerParked', DueTimer & { readonly reason: string }>;

export const TIMER = 'timer';

const timerEvents: EventCatalogue<TimerEvent> = {
  TimerFired: UNCHANGED,
  TimerLapsed: UNCHANGED,
  TimerParked: UNCHANGED,
};

/** What every context with timers stores about them. */
export const timerCatalogue = { aggregate: TIMER, events: timerEvents };

/** Where it is written what became of a record's timer, each time that it came due. */
export const timerStream = ({ record, timer }: Pick<DueTimer, 'record' | 'timer'>): string =>
  streamName(TIMER, partsOf(record).tenant, idFrom(record, timer));

/** The id of a firing: the same whoever fires, and however often. */
export const firingId = ({ record, timer, dueAt }: DueTimer): string => idFrom('timer', record, timer, dueAt);

export const isSame = (one: DueTimer, other: DueTimer): boolean =>
  one.record === other.record && one.timer === other.timer && one.dueAt === other.dueAt;
