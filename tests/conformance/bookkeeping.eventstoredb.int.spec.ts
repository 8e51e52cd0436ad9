import { afterAll, beforeAll } from '@jest/globals';
import { bookkeepingSuite, newAggregate } from '@rapport/event-store/conformance';
import { type EventStoreDbEventStore, openEventStoreDb } from '@rapport/eventstoredb';
import { type EventStoreDbServer, GIVEN_URL, startServer } from './eventstoredb-server.js';

let server: EventStoreDbServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

bookkeepingSuite(GIVEN_URL ? 'EventStoreDB' : "EventStoreDB's double", {
  features: { shared: true, restart: true },
  async open() {
    const namespace = newAggregate();
    const opened: EventStoreDbEventStore[] = [];
    const start = (): EventStoreDbEventStore => {
      const store = openEventStoreDb({ url: server.url, namespace });
      opened.push(store);
      return store;
    };
    const store = start();
    return {
      books: store.bookkeeping,
      events: store,
      another: async () => start().bookkeeping,
      async reopen() {
        await store.close();
        await server.restart?.();
        return start().bookkeeping;
      },
      async close() {
        await Promise.all(opened.map((each) => each.close()));
      },
    };
  },
});
