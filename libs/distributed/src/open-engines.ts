import { hostname } from 'node:os';
import { busCommandExchange, contextSigning } from '@rapport/commands';
import type { Config } from '@rapport/config';
import { openEventStoreDb } from '@rapport/eventstoredb';
import { type Bookkeeping, type EventStore, SharedFollowing, takeOverBooks } from '@rapport/event-store';
import { SealedFileStore } from '@rapport/files';
import { openKafkaMessageBus } from '@rapport/kafka';
import { systemClock, calendarIn } from '@rapport/kernel';
import { mailOf } from '@rapport/mail';
import type { MessageBus } from '@rapport/message-bus';
import {
  booksInViews,
  MongoFileStore,
  MongoProcessRegister,
  MongoReadModelStore,
  openMongo,
  type MongoConnection,
} from '@rapport/mongo';
import {
  busExchange,
  keepFactsIn,
  keepMessagesIn,
  keepViewsIn,
  LeasedOwnership,
  monotonic,
  type Ownership,
  type Trouble,
  watchingOwnership,
} from '@rapport/processing';
import type { Engines } from '@rapport/service-kit';
import { joinInstallation } from './agreement.js';
import { contextKeysIn } from './context-keys.js';
import { openKeys, openShared } from './open-keys.js';
import { ownNamespace } from './own-namespace.js';
import type { RunningProcess } from './running-process.js';
import type { engineSettings, eventStoreSettings, serviceSettings } from './settings.js';
import { hostsIn, untilThere, within } from './until-there.js';

const CHECK_MILLISECONDS = 3_000;

/** Facts in EventStoreDB, apart from those of other contexts; waits for it. */
export const openEvents = async (
  running: RunningProcess,
  config: Config<typeof eventStoreSettings>,
): Promise<{ readonly events: EventStore; readonly books: Bookkeeping }> => {
  const { eventStoreUrl: url, namespace, region } = config;
  const { logger, startUntil: until, name } = running;
  const store = openEventStoreDb({
    url,
    namespace: ownNamespace(namespace, name),
    connectionName: `rapport-${name}`,
    trouble: (doing, failure, attempt) => logger.warn('EventStoreDB has trouble', { doing, attempt }, failure),
  });
  running.atEnd(() => store.close());
  const ask = (): Promise<void> => store.proveRights();
  await untilThere(`EventStoreDB at ${hostsIn(url)}`, () => within(CHECK_MILLISECONDS, ask()), { until, logger });
  running.dependsOn({ name: 'EventStoreDB', needed: true, ask: () => within(CHECK_MILLISECONDS, ask()) });
  // Nothing else is in this namespace, so one subscription serves every follower of the process.
  await keepFactsIn(region, `What ${name} has stored in EventStoreDB`, store.bookkeeping);
  return { events: new SharedFollowing(store, []), books: store.bookkeeping };
};

/**
 * Facts of a process that stored some once, to be read and closed. Undefined where none of it has to be awaited.
 * @param name the process's
 */
export const openFormerEvents = (
  name: string,
  { eventStoreUrl: url, namespace }: Config<typeof eventStoreSettings>,
): EventStore & { close(): Promise<void> } =>
  openEventStoreDb({ url, namespace: ownNamespace(namespace, name), connectionName: `rapport-former-${name}` });

/** How it writes to people, and where they find it. */
const outside = (config: Config<typeof serviceSettings>): Pick<Engines, 'mail' | 'publicUrl'> => {
  const mail = mailOf(config);
  return {
    ...(mail && { mail }),
    ...(config.publicUrl === null ? {} : { publicUrl: config.publicUrl.replace(/\/$/, '') }),
  };
};

/** Everything that a context runs on, in the order in which it is needed; waits for each engine. */
export const openEngines = async (
  running: RunningProcess,
  config: Config<typeof serviceSettings>,
): Promise<Engines> => {
  const { logger, name } = running;
  const signing = contextSigning(contextKeysIn(config.contextKeys, name));
  const { events, books } = await openEvents(running, config);
  const mongo = await openDatabase(running, config);
  await takeOverBooks(books, () => booksInViews(mongo));
  const bus = keepMessagesIn(config.region, await openBus(running, config));
  const shared = await openShared(running, config);
  await join(running, config, shared);
  const keys = await openKeys(running, config, shared);
  const readModels = new MongoReadModelStore(mongo);
  await keepViewsIn(config.region, `What ${name} has stored in MongoDB`, readModels);
  const ownership = ownershipOf(running, config, readModels);
  running.atEnd(() => ownership.close());
  const files = new SealedFileStore(new MongoFileStore(mongo), keys);
  const hears = config.followers !== 'off';
  return {
    events,
    books,
    keys,
    lostKeys: config.lostKeys,
    readModels,
    exchange: busExchange(bus, hears),
    commands: busCommandExchange(bus, signing, hears),
    epoch: config.epoch,
    files,
    ownership,
    dependencies: () => running.dependencies(),
    clock: systemClock,
    calendar: calendarIn(config.timeZone),
    ...outside(config),
    deletionWait: config.deletionWait,
    ticks: monotonic,
    logger,
    telemetry: running.telemetry,
  };
};

/** All processes of all contexts count days alike. */
const join = async (
  running: RunningProcess,
  { instance, timeZone }: Config<typeof serviceSettings>,
  shared: MongoConnection,
): Promise<void> => {
  // An instance need not tell its context.
  const process = instance === null ? processName(running, instance) : `${running.name}@${instance}`;
  const own = { process, settings: { RAPPORT_TIME_ZONE: timeZone } };
  const register = new MongoProcessRegister(shared);
  const { logger } = running;
  await joinInstallation(own, { register, logger, atEnd: (step) => running.atEnd(step) });
};

const processName = ({ name }: RunningProcess, instance: string | null): string =>
  instance ?? `${name}@${hostname()}/${process.pid}`;

/** Milliseconds between two looks, where others follow: as often as owners of leases look. */
const GLANCE = 1_000;

const ownershipOf = (
  running: RunningProcess,
  { followers, instance }: Config<typeof serviceSettings>,
  readModels: MongoReadModelStore,
): Ownership => {
  if (followers === 'off') return watchingOwnership(GLANCE);
  const { logger } = running;
  const owner = processName(running, instance);
  const trouble: Trouble = (follower, failure, attempt) =>
    logger.warn('A lease cannot be kept', { follower, attempt }, failure);
  return new LeasedOwnership(readModels, { owner, trouble });
};

const openDatabase = async (
  running: RunningProcess,
  { mongoUrl: url, namespace }: Config<typeof engineSettings>,
): Promise<MongoConnection> => {
  const { logger, name, startUntil: until } = running;
  const database = ownNamespace(namespace, name);
  const open = (): Promise<MongoConnection> => openMongo({ url, database, appName: `rapport-${name}` });
  const mongo = await untilThere(`MongoDB at ${hostsIn(url)}`, open, { until, logger });
  running.atEnd(() => mongo.close());
  if (!(await mongo.isReplicated()))
    logger.warn('MongoDB is no replica set; see docs/mongodb.md', { at: hostsIn(url) });
  const ask = (): Promise<unknown> => within(CHECK_MILLISECONDS, mongo.serverVersion());
  running.dependsOn({ name: 'MongoDB', needed: true, ask });
  return mongo;
};

const openBus = async (running: RunningProcess, config: Config<typeof engineSettings>): Promise<MessageBus> => {
  const { logger, name, startUntil: until } = running;
  const {
    kafkaBrokers,
    kafkaTls,
    kafkaMechanism: mechanism,
    kafkaUsername: username,
    kafkaPassword,
    namespace,
  } = config;
  const bus = openKafkaMessageBus({
    brokers: kafkaBrokers.split(',').map((broker) => broker.trim()),
    clientId: `rapport-${name}`,
    ssl: kafkaTls,
    ...(namespace === null ? {} : { namespace }),
    ...(username === null ? {} : { sasl: { mechanism, username, password: kafkaPassword ?? '' } }),
    logger,
    onTrouble: ({ kind, group, error }) => logger.warn('The message bus has trouble', { kind, group }, error),
  });
  running.atEnd(() => bus.close());
  await untilThere(`Kafka at ${kafkaBrokers}`, () => bus.describe(), { until, logger });
  running.dependsOn({ name: 'Kafka', needed: false, ask: () => within(CHECK_MILLISECONDS, bus.describe()) });
  return bus;
};
