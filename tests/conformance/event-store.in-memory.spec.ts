import { InMemoryEventStore } from '@rapport/event-store';
import { eventStoreSuite } from '@rapport/event-store/conformance';

eventStoreSuite('in memory', {
  features: { idempotentAny: false, removedAreFollowed: false, restart: false },
  async open() {
    const store = new InMemoryEventStore();
    return { store, close: () => store.close() };
  },
});
