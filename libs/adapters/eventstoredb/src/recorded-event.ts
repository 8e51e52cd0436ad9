import type { RecordedEvent as EngineEvent } from '@eventstore/db-client';
import { type EventMetadata, positionOf, type RecordedEvent } from '@rapport/kernel';

export const recordedEvent = (event: EngineEvent, stream: string): RecordedEvent => ({
  id: event.id,
  type: event.type,
  data: event.data as object,
  metadata: event.metadata as unknown as EventMetadata,
  stream,
  revision: Number(event.revision),
  position: positionOf(event.position!.commit),
  recordedAt: instantOf(event.created.getTime()),
});

/** The engine's own notes in our streams: that one was deleted, for instance. */
export const isEnginesOwn = (event: RecordedEvent): boolean => event.type.startsWith('$');

/** Neighbours were mostly recorded in the same millisecond. */
let [lastMilliseconds, lastInstant] = [0, new Date(0).toISOString()];
const instantOf = (milliseconds: number): string => {
  if (milliseconds !== lastMilliseconds) {
    [lastMilliseconds, lastInstant] = [milliseconds, new Date(milliseconds).toISOString()];
  }
  return lastInstant;
};
