import type { Config } from '@rapport/config';
import { contexts } from '@rapport/contexts';
import { createGateway, gatewayConfigOf, type Gateway } from '@rapport/gateway';
import { type Clock, systemClock } from '@rapport/kernel';
import { createLogger, startTelemetry } from '@rapport/observability';
import { MasterKey } from '@rapport/privacy';
import { FactsExchange, monotonic, type Ticks } from '@rapport/processing';
import {
  type Engines,
  needed,
  sourceOf,
  startInProcess,
  type ReadinessReport,
  type RunningService,
} from '@rapport/service-kit';
import { contextModules } from './context-modules.js';
import { DataFolder } from './data-folder.js';
import { openKeyFile } from './key-file.js';
import type { standaloneSettings } from './settings.js';
import { openFacts, openServiceFiles, type SharedEngines } from './sqlite-engines.js';

export type StandaloneConfig = Config<typeof standaloneSettings>;

export interface Standalone {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** The administrator's token, where this start made it up. */
  readonly token: string | undefined;
  readonly services: Readonly<Record<string, RunningService>>;
  /** Stops in the order in which nothing is lost: door, followers, stores. */
  close(): Promise<void>;
}

/** What time it is: by the clock, and by one that only goes on. */
export interface Time {
  readonly clock: Clock;
  readonly ticks: Ticks;
}

const OF_THIS_MACHINE: Time = { clock: systemClock, ticks: monotonic };

/** Every service in this process, SQLite behind every port. */
export const startStandalone = async (config: StandaloneConfig, time = OF_THIS_MACHINE): Promise<Standalone> => {
  const folder = DataFolder.take(config.data);
  const closing: (() => Promise<void> | void)[] = [() => folder.release()];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const shared = { ...(await sharedEngines(config, folder, closing)), ...time };
    const engines: Record<string, Engines> = {};
    for (const { name } of contexts) {
      const files = await openServiceFiles(folder.file(name), name, shared);
      closing.push(() => files.close());
      engines[name] = files.engines;
    }
    // Contexts follow each other's facts: those of all are there before the first begins, and until the last has stopped.
    for (const { name } of contexts) shared.exchange.publish(sourceOf(contextModules[name].service, engines[name]!));
    const services: Record<string, RunningService> = {};
    for (const { name } of contexts) {
      services[name] = await startInProcess(contextModules[name].module(engines[name]!));
      closing.push(() => services[name]!.close());
    }
    folder.remove(...BUS_OF_BEFORE);
    const gateway = await openGateway(config, folder, shared, services, closing);
    return { address: gateway.address, token: gateway.firstSignIn?.token, services, close };
  } catch (failure) {
    await close();
    throw failure;
  }
};

const sharedEngines = async (
  config: StandaloneConfig,
  folder: DataFolder,
  closing: (() => Promise<void> | void)[],
): Promise<Omit<SharedEngines, keyof Time>> => {
  const logger = createLogger({ service: 'rapport', level: config.logLevel });
  const telemetry = await startTelemetry({
    service: 'rapport',
    ...(config.telemetry === null ? {} : { enabled: config.telemetry }),
    ...(config.otlpEndpoint === null ? {} : { otlpEndpoint: config.otlpEndpoint }),
  });
  closing.push(() => telemetry.shutdown());
  const keyring = await openKeyFile(folder, masterKeyOf(config, folder), config.region);
  closing.push(() => keyring.close());
  const { epoch, lostKeys } = config;
  const { keys, dependency: keyFile } = keyring;
  return { exchange: new FactsExchange(), epoch, keys, keyFile, lostKeys, logger, telemetry };
};

/** A second copy of what contexts told each other, from when they did so over a bus here as well. Nothing reads it any more. */
const BUS_OF_BEFORE = ['bus.db', 'bus.db-wal', 'bus.db-shm'];

const masterKeyOf = ({ masterKey }: StandaloneConfig, folder: DataFolder): MasterKey =>
  masterKey === null
    ? MasterKey.fromFile(folder.file('master.key'))
    : MasterKey.fromBase64(masterKey, 'RAPPORT_MASTER_KEY');

const openGateway = async (
  config: StandaloneConfig,
  folder: DataFolder,
  shared: SharedEngines,
  services: Readonly<Record<string, RunningService>>,
  closing: (() => Promise<void> | void)[],
): Promise<Gateway> => {
  const tokens = openFacts(folder.file('gateway.db'));
  closing.push(() => tokens.close());
  const gateway = await createGateway({
    contexts: contexts.map((context) => ({ ...context, backend: services[context.name]!.backend })),
    accessEvents: tokens.events,
    logger: shared.logger,
    readiness: () => readinessOf(services),
    metrics: shared.telemetry.metrics,
    config: gatewayConfigOf(config),
  });
  closing.push(() => gateway.close());
  return gateway;
};

/** Ready while everything can be stored. */
const readinessOf = async (services: Readonly<Record<string, RunningService>>): Promise<ReadinessReport> => {
  const asked = Object.values(services).map(async ({ runtime }) => (await runtime.engines.dependencies?.()) ?? []);
  const parts = needed((await Promise.all(asked)).flat());
  // The keyring is everybody's.
  const distinct = [...new Map(parts.map((part) => [part.name, part])).values()];
  return { ready: distinct.every(({ ready }) => ready), parts: distinct };
};
