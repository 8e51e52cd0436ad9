import { instantOf, type RecordedEvent } from '@rapport/kernel';

export type TimeAxis = 'occurred' | 'recorded';

/** The last moment that an `as_of` means: a day means its end, UTC. */
export const momentOf = (asOf: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(asOf) ? `${asOf}T23:59:59.999Z` : instantOf(asOf).toISOString();

/**
 * The beginning of a history that had happened, or was known, at a moment: up to the last event that had. Each was decided on
 * those before it, so they were known with it, whatever the clock said when they were recorded.
 */
export const upTo = (events: readonly RecordedEvent[], moment: string, axis: TimeAxis): readonly RecordedEvent[] =>
  events.slice(
    0,
    1 + events.findLastIndex((event) => (axis === 'recorded' ? event.recordedAt : event.metadata.occurredAt) <= moment),
  );
