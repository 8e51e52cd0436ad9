import { InMemoryKeyStore } from '@rapport/privacy';
import { keyStoreSuite } from '@rapport/privacy/conformance';

keyStoreSuite('in memory', {
  features: { restart: false },
  async open() {
    const store = new InMemoryKeyStore();
    return { store, close: () => store.close() };
  },
});
