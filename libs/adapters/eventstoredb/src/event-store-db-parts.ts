import type { Connection } from './connection.js';
import type { EventStoreDbTrouble } from './event-store-db-options.js';
import type { Namespace } from './namespace.js';

/** What reading, appending and following share. */
export interface EventStoreDbParts {
  readonly commands: Connection;
  /**
   * Followers have a connection of their own: their endless calls would be taken from the hundred that the server allows
   * each connection, and the answers to commands would queue behind what they catch up on.
   */
  readonly followers: Connection;
  readonly namespace: Namespace;
  /** Aborts when the store is closed. */
  readonly closing: AbortSignal;
  readonly trouble: EventStoreDbTrouble | undefined;
}
