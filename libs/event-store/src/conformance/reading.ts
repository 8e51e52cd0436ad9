import type { RecordedEvent } from '@rapport/kernel';
import type { EventStore, ReadOptions } from '../event-store.js';

export const readAll = async (store: EventStore, stream: string, options?: ReadOptions): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const event of store.read(stream, options)) events.push(event);
  return events;
};
