import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { FactsCommandExchange } from '@rapport/commands';
import { contexts } from '@rapport/contexts';
import { createGateway, gatewayConfigOf, type Gateway } from '@rapport/gateway';
import { type Clock, systemClock, calendarIn } from '@rapport/kernel';
import { mailOf } from '@rapport/mail';
import { createLogger, type Logger, startTelemetry, type Telemetry } from '@rapport/observability';
import { adoptTokens } from '@rapport/identity';
import { FactsExchange, monotonic, type Ticks } from '@rapport/processing';
import {
  type Engines,
  needed,
  sourceOf,
  startInProcess,
  type ReadinessReport,
  type RunningService,
} from '@rapport/service-kit';
import type { Closing } from './closing.js';
import { contextModules } from './context-modules.js';
import { DataFolder } from './data-folder.js';
import { openKeyFile } from './key-file.js';
import { masterKeyIn } from './master-key.js';
import type { StandaloneConfig } from './settings.js';
import { openFacts, openServiceFiles, type SharedEngines } from './sqlite-engines.js';
import { openApart } from './thread/open-apart.js';

export interface Standalone {
  /** `http://127.0.0.1:3000` */
  readonly address: string;
  /** The administrator's token, where this start made it up. */
  readonly token: string | undefined;
  /** Where the first administrator chooses a password, once; at the first start. */
  readonly link: string | undefined;
  readonly services: Readonly<Record<string, RunningService>>;
  /** Every one that is served: `GET /v1/contacts/:id`. */
  readonly routes: readonly string[];
  /** Stops in the order in which nothing is lost: door, followers, stores. */
  close(): Promise<void>;
}

export interface StandaloneParts {
  /** Another than this machine's holds for one thread alone, so everything runs on it. */
  readonly time?: Time;
  /** A thread that was launched to follow, so that it need not be waited for. */
  readonly spare?: Worker | undefined;
}

/** What time it is: by the clock, and by one that only goes on. */
export interface Time {
  readonly clock: Clock;
  readonly ticks: Ticks;
}

const OF_THIS_MACHINE: Time = { clock: systemClock, ticks: monotonic };

/** Every service in this process, SQLite behind every port. */
export const startStandalone = async (
  config: StandaloneConfig,
  { time, spare }: StandaloneParts = {},
): Promise<Standalone> => {
  const folder = DataFolder.take(config.data);
  const closing: Closing = [() => folder.release()];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const shared = { ...(await sharedEngines(config, folder, closing)), ...(time ?? OF_THIS_MACHINE) };
    const isApart = config.followers === 'thread' && time === undefined;
    const { engines, metrics } = isApart
      ? await openApart(config, { ...shared, spare }, closing)
      : { engines: await openTogether(folder, shared, closing), metrics: shared.telemetry.metrics };
    // Contexts follow each other's facts: those of all are there before the first begins, and until the last has stopped.
    for (const { name } of contexts) shared.exchange.publish(sourceOf(contextModules[name].service, engines[name]!));
    const services: Record<string, RunningService> = {};
    for (const { name } of contexts) {
      services[name] = await startInProcess(contextModules[name].module(engines[name]!));
      closing.push(() => services[name]!.close());
    }
    folder.remove(...BUS_OF_BEFORE);
    await adoptTokens(engines['identity']!, async () => formerTokens(folder));
    const gateway = await openGateway(config, { logger: shared.logger, metrics }, services, closing);
    const { token, link } = gateway.firstSignIn ?? {};
    return { address: gateway.address, token, link, services, routes: gateway.routes, close };
  } catch (failure) {
    await close();
    throw failure;
  }
};

const sharedEngines = async (
  config: StandaloneConfig,
  folder: DataFolder,
  closing: Closing,
): Promise<Omit<SharedEngines, keyof Time>> => {
  const logger = createLogger({ service: 'rapport', level: config.logLevel });
  const telemetry = await startTelemetry({
    service: 'rapport',
    ...(config.telemetry === null ? {} : { enabled: config.telemetry }),
    ...(config.otlpEndpoint === null ? {} : { otlpEndpoint: config.otlpEndpoint }),
  });
  closing.push(() => telemetry.shutdown());
  const keyring = await openKeyFile(folder, masterKeyIn(config), config.region);
  closing.push(() => keyring.close());
  const { deletionWait, epoch, lostKeys, region } = config;
  const { keys, dependency: keyFile } = keyring;
  const exchanges = { exchange: new FactsExchange(), commands: new FactsCommandExchange() };
  const mail = mailOf(config);
  return {
    ...exchanges,
    ...(mail && { mail }),
    ...(config.publicUrl === null ? {} : { publicUrl: config.publicUrl.replace(/\/$/, '') }),
    calendar: calendarIn(config.timeZone),
    deletionWait,
    epoch,
    region,
    keys,
    keyFile,
    lostKeys,
    logger,
    telemetry,
  };
};

/** A second copy of what contexts told each other, from when they did so over a bus here as well. Nothing reads it any more. */
const BUS_OF_BEFORE = ['bus.db', 'bus.db-wal', 'bus.db-shm'];

const openTogether = async (folder: DataFolder, shared: SharedEngines, closing: Closing) => {
  const engines: Record<string, Engines> = {};
  for (const { name } of contexts) {
    const files = await openServiceFiles(folder.file(name), name, shared);
    closing.push(() => files.close());
    engines[name] = files.engines;
  }
  return engines;
};

/** The file in which gateways kept their tokens. It is left as it is. */
const formerTokens = (folder: DataFolder) => {
  const file = folder.file('gateway.db');
  return existsSync(file) ? openFacts(file) : undefined;
};

const openGateway = async (
  config: StandaloneConfig,
  { logger, metrics }: { readonly logger: Logger; readonly metrics: Telemetry['metrics'] },
  services: Readonly<Record<string, RunningService>>,
  closing: Closing,
): Promise<Gateway> => {
  const gateway = await createGateway({
    contexts: contexts.map((context) => ({ ...context, backend: services[context.name]!.backend })),
    logger,
    readiness: () => readinessOf(services),
    metrics,
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
