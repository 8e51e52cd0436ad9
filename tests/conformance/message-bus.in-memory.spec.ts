import { InMemoryMessageBus } from '@rapport/message-bus';
import { messageBusSuite } from '@rapport/message-bus/conformance';

messageBusSuite('in memory', {
  features: { survivesRestart: false, reconnects: false, shared: false },
  open: async () => {
    const bus = new InMemoryMessageBus();
    return { bus, close: () => bus.close() };
  },
});
