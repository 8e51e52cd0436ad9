import { instantOf, type RecordedEvent } from '@rapport/kernel';

export type TimeAxis = 'occurred' | 'recorded';

/** The last moment that an `as_of` means: a day means its end, UTC. */
export const momentOf = (asOf: string): string =>
  /^\d{4}-\d{2}-\d{2}$/.test(asOf) ? `${asOf}T23:59:59.999Z` : instantOf(asOf).toISOString();

/** The part of a history that had happened, or was known, at a moment. */
export const upTo = (events: readonly RecordedEvent[], moment: string, axis: TimeAxis): readonly RecordedEvent[] =>
  events.filter((event) => (axis === 'recorded' ? event.recordedAt : event.metadata.occurredAt) <= moment);
