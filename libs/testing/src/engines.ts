import { FactsCommandExchange } from '@rapport/commands';
import { InMemoryBookkeeping, InMemoryEventStore } from '@rapport/event-store';
import { InMemoryFileStore, SealedFileStore } from '@rapport/files';
import { systemClock } from '@rapport/kernel';
import { silentLogger, startTelemetry } from '@rapport/observability';
import { CachedKeyStore, InMemoryKeyStore } from '@rapport/privacy';
import { FactsExchange, monotonic, soleOwnership } from '@rapport/processing';
import { InMemoryReadModelStore } from '@rapport/read-models';
import type { Engines } from '@rapport/service-kit';

/** Engines that forget everything with the process; give some to share them between services. */
export const inMemoryEngines = async (given: Partial<Engines> = {}): Promise<Engines> => {
  const keys = new CachedKeyStore(new InMemoryKeyStore());
  return {
    events: new InMemoryEventStore(),
    books: new InMemoryBookkeeping(),
    keys,
    readModels: new InMemoryReadModelStore(),
    exchange: new FactsExchange(),
    commands: new FactsCommandExchange(),
    // A service alone waits for nobody.
    installed: [],
    files: new SealedFileStore(new InMemoryFileStore(), keys),
    ownership: soleOwnership(),
    clock: systemClock,
    ticks: monotonic,
    logger: silentLogger,
    telemetry: await startTelemetry({ service: 'test' }),
    ...given,
  };
};
