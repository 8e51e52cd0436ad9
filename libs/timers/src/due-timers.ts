import { partsOf, prefixOf } from '@rapport/event-store';
import { type AnyTimer, type Calendar, type RecordedEvent, type TimeZone, UTC, UTC_CALENDAR } from '@rapport/kernel';
import { NO_TENANT, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import type { Beginnings } from './beginnings.js';
import { TIMER, type TimerEvent } from './timer-events.js';

/** What one record waits for; nothing once nothing is left to wait for. Its id is the record's stream. */
export interface DueTimersDocument extends Document {
  /** The record's tenant: rows belong to none, so that all that is due can be asked for. */
  readonly of: string;
  /** By the timer's name. */
  readonly timers: Readonly<Record<string, string>>;
  /** The earliest of them. */
  readonly dueAt: string;
}

/**
 * When which record's timers come due, by what the records' own events say. What a timer comes to in its own stream takes it
 * away again. One that was due before its event was recorded, or before there were timers here, is born lapsed: it never
 * gets a row.
 */
export const dueTimers = (
  timers: readonly AnyTimer[],
  beginnings: Beginnings,
  calendar: Calendar = UTC_CALENDAR,
): Projection<DueTimersDocument> => ({
  declaration: {
    name: 'due_timers',
    fields: { of: 'text', dueAt: 'time' },
    indexes: [['dueAt'], ['of', 'dueAt']],
  },
  // Another timer, or another version of one, needs everything anew.
  version: timers.reduce((sum, { version = 1 }) => sum + version, 0),
  tenantless: true,
  // Nobody waits for anything in a workspace that was deleted.
  about: [{ field: 'of', forget: () => null }],
  calendar,
  prefixes: [...new Set(timers.map(({ decider }) => decider.aggregate)), TIMER].map(prefixOf),
  key: (event) => (isEnd(event) ? event.data.record : event.stream),
  fold: (document, event, _, zone = UTC) => {
    const before = document?.timers ?? {};
    const after = isEnd(event) ? withoutEnded(before, event) : asSaidBy(event, before, { timers, beginnings, zone });
    if (after === before) return document;
    const record = document?.id ?? event.stream;
    const earliest = Object.values(after).sort()[0];
    if (earliest === undefined) return null;
    return { id: record, tenant: NO_TENANT, of: partsOf(record).tenant, timers: after, dueAt: earliest };
  },
});

type Pending = DueTimersDocument['timers'];

interface Circumstances {
  readonly timers: readonly AnyTimer[];
  readonly beginnings: Beginnings;
  readonly zone: TimeZone;
}

type End = RecordedEvent<TimerEvent>;

const isEnd = (event: RecordedEvent): event is End => partsOf(event.stream).aggregate === TIMER;

const withoutEnded = (pending: Pending, { data: { timer, dueAt } }: End): Pending =>
  pending[timer] === dueAt ? without(pending, timer) : pending;

const asSaidBy = (event: RecordedEvent, pending: Pending, { timers, beginnings, zone }: Circumstances): Pending => {
  const { aggregate } = partsOf(event.stream);
  let now = pending;
  for (const timer of timers) {
    if (timer.decider.aggregate !== aggregate) continue;
    const dueAt = timer.dueAt(event, zone);
    if (dueAt === undefined) continue;
    const bornLapsed = dueAt === null || dueAt <= event.recordedAt || dueAt <= beginnings.of(timer);
    now = bornLapsed ? without(now, timer.name) : { ...now, [timer.name]: dueAt };
  }
  return now;
};

const without = (pending: Pending, timer: string): Pending => {
  if (!(timer in pending)) return pending;
  const { [timer]: _, ...rest } = pending;
  return rest;
};
