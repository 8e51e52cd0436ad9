import { InMemoryBookkeeping, InMemoryEventStore } from '@rapport/event-store';
import { bookkeepingSuite } from '@rapport/event-store/conformance';

bookkeepingSuite('in memory', {
  features: { shared: false, restart: false },
  async open() {
    const events = new InMemoryEventStore();
    return { books: new InMemoryBookkeeping(), events, close: () => events.close() };
  },
});
