import { afterAll, beforeAll, describe } from '@jest/globals';
import { eventStoreSuite, newAggregate } from '@rapport/event-store/conformance';
import { openEventStoreDb } from '@rapport/eventstoredb';
import { RELEASES } from '@rapport/eventstoredb-double';
import { type EventStoreDbServer, GIVEN_URL, startServer } from './eventstoredb-server.js';

/** A server that is given is of one release; the double behaves as each. */
describe.each(GIVEN_URL ? ['given'] : Object.keys(RELEASES))('EventStoreDB %s', (release) => {
  let server: EventStoreDbServer;
  beforeAll(async () => {
    server = await startServer(release);
  });
  afterAll(() => server.stop());

  eventStoreSuite(GIVEN_URL ? 'EventStoreDB' : "EventStoreDB's double", {
    features: { idempotentAny: 'for-a-while', removedAreFollowed: true, restart: !GIVEN_URL },
    async open() {
      const namespace = newAggregate();
      const start = () => openEventStoreDb({ url: server.url, namespace });
      let store = start();
      const { restart } = server;
      const reopen = restart && {
        async reopen() {
          await store.close();
          await restart();
          store = start();
          return store;
        },
      };
      return { store, ...reopen, close: () => store.close() };
    },
  });
});
