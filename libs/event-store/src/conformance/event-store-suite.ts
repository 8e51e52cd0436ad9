import { afterEach, beforeEach, describe } from '@jest/globals';
import type { EventStoreAdapter, EventStoreUnderTest } from './event-store-under-test.js';
import { describeContent } from './content.js';
import { describeDurability } from './durability.js';
import { describeEnd } from './end.js';
import { describeExactRetry } from './exact-retry.js';
import { describeExpectedRevision } from './expected-revision.js';
import { describeFollowing } from './following-cases.js';
import { describeLeavingEarly } from './leaving-early.js';
import { describeRemoving } from './removing.js';
import { describeReading } from './reading-cases.js';

/** Defines the tests that make something an {@link EventStore}. Every adapter runs all of them. */
export const eventStoreSuite = (name: string, adapter: EventStoreAdapter): void => {
  describe(`event store: ${name}`, () => {
    let current: EventStoreUnderTest;
    beforeEach(async () => {
      current = await adapter.open();
    });
    afterEach(() => current.close());

    const store = () => current.store;
    describeExpectedRevision(store);
    describeExactRetry(store, adapter.features);
    describeReading(store);
    describeFollowing(store);
    describeLeavingEarly(store);
    describeEnd(store);
    describeRemoving(store, adapter.features);
    describeContent(store);
    describeDurability(() => current, adapter.features);
  });
};
