import {
  type Calendar,
  type CallContext,
  instantOf,
  type RecordedEvent,
  type TimeZone,
  UTC_CALENDAR,
} from '@rapport/kernel';

export type TimeAxis = 'occurred' | 'recorded';

/** The last moment that an `as_of` means: a day means its end there. */
export const momentOf = (asOf: string, zone: TimeZone): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(asOf)) return instantOf(asOf).toISOString();
  const over = zone.endOf(asOf);
  return over === undefined ? `${asOf}T23:59:59.999Z` : new Date(Date.parse(over) - 1).toISOString();
};

/** What that is for a caller. */
export const momentFor = (asOf: string, { principal }: CallContext, calendar: Calendar = UTC_CALENDAR): string =>
  momentOf(asOf, calendar.zoneOf(principal.tenant));

/**
 * The beginning of a history that had happened, or was known, at a moment: up to the last event that had. Each was decided on
 * those before it, so they were known with it, whatever the clock said when they were recorded.
 */
export const upTo = (events: readonly RecordedEvent[], moment: string, axis: TimeAxis): readonly RecordedEvent[] =>
  events.slice(
    0,
    1 + events.findLastIndex((event) => (axis === 'recorded' ? event.recordedAt : event.metadata.occurredAt) <= moment),
  );
