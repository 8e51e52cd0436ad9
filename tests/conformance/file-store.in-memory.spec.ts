import { InMemoryFileStore } from '@rapport/files';
import { fileStoreSuite } from '@rapport/files/conformance';

fileStoreSuite('in memory', {
  features: { restart: false },
  open: async () => {
    const store = new InMemoryFileStore();
    return { store, close: () => store.close() };
  },
});
