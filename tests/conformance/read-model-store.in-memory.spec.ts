import { InMemoryReadModelStore } from '@rapport/read-models';
import { readModelStoreSuite } from '@rapport/read-models/conformance';

readModelStoreSuite('in memory', {
  features: { durable: false, atomic: true, purge: true, codePointOrder: true },
  open: async () => ({
    store: new InMemoryReadModelStore(),
    reopen: async () => new InMemoryReadModelStore(),
    files: async () => [],
    dispose: async () => {},
  }),
});
