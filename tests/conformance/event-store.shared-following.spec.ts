import { InMemoryEventStore, SharedFollowing } from '@rapport/event-store';
import { eventStoreSuite } from '@rapport/event-store/conformance';

eventStoreSuite('in memory, followed together', {
  features: { idempotentAny: false, removedAreFollowed: false, restart: false },
  async open() {
    const store = new SharedFollowing(new InMemoryEventStore(), []);
    return { store, close: () => store.close() };
  },
});
