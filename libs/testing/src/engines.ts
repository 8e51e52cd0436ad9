import { InMemoryEventStore } from '@rapport/event-store';
import { systemClock, type Clock } from '@rapport/kernel';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { silentLogger, startTelemetry } from '@rapport/observability';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { InMemoryReadModelStore } from '@rapport/read-models';
import type { Engines } from '@rapport/service-kit';

/** Engines that forget everything with the process; give some to share them between services. */
export const inMemoryEngines = async (given: Partial<Engines> & { clock?: Clock } = {}): Promise<Engines> => ({
  events: new InMemoryEventStore(),
  keys: new CachedKeyStore(new InMemoryKeyStore()),
  readModels: new InMemoryReadModelStore(),
  bus: new InMemoryMessageBus(),
  clock: systemClock,
  logger: silentLogger,
  telemetry: await startTelemetry({ service: 'test' }),
  ...given,
});
