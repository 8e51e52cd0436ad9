import { openClient } from './connection-string.js';
import { EventStoreDbEventStore } from './event-store-db-event-store.js';
import type { EventStoreDbOptions } from './event-store-db-options.js';

/** A store on EventStoreDB. Reads its options and asks the server nothing yet. @throws DomainError invalid */
export const openEventStoreDb = (options: EventStoreDbOptions): EventStoreDbEventStore => {
  openClient(options);
  return new EventStoreDbEventStore(options);
};
