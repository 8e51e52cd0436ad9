import type { EventStore } from '../event-store.js';

/** What an adapter gives the suite: an empty store of its own for each test, if on a shared engine. */
export interface EventStoreUnderTest {
  readonly store: EventStore;
  /** Stops the store and starts it again on the same data, as a new process would. */
  reopen?(): Promise<EventStore>;
  close(): Promise<void>;
}

/** What not every engine can do. Declared, so that a reader of the suite sees it; the opposite is then proven. */
export interface EventStoreFeatures {
  /**
   * Whether repeating an append under `any` gives the first answer again instead of writing a second time. `for-a-while`: as
   * long as the engine remembers the ids, which is no promise, so that nobody may build on it.
   */
  readonly idempotentAny: false | 'for-a-while';
  /** What lay in removed streams is still given to followers, until the engine has tidied up. */
  readonly removedAreFollowed: boolean;
  /** What was appended outlives the process; then `reopen` is given. */
  readonly restart: boolean;
}

export interface EventStoreAdapter {
  open(): Promise<EventStoreUnderTest>;
  readonly features: EventStoreFeatures;
}

/** The store of the running test. */
export type CurrentStore = () => EventStore;
