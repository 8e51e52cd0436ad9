import type { Config } from '@rapport/config';
import { ACCESS_REFUSED, type MongoConnection, MongoKeyStore, openMongo } from '@rapport/mongo';
import { CachedKeyStore, type KeyWrapping, MASTER_KEY_CHECK, type OldKeys, openKeyring } from '@rapport/privacy';
import { masterKeyOf } from './given-text.js';
import { ownNamespace } from './own-namespace.js';
import type { RunningProcess } from './running-process.js';
import type { engineSettings } from './settings.js';
import { hostsIn, untilThere, within } from './until-there.js';

/** So long may a replica use a key that another has destroyed. */
const KEYS_EXPIRE_AFTER_MILLISECONDS = 10_000;
const CHECK_MILLISECONDS = 3_000;
/** Contexts that kept keys in their own databases before there was one keyring for all. */
const CONTEXTS_WITH_KEYS = ['contacts', 'sales'];

type KeySettings = Config<typeof engineSettings>;

/** The database that all contexts share: the keyring, apart from what can be read without it. Waits for it. */
export const openShared = async (running: RunningProcess, config: KeySettings): Promise<MongoConnection> => {
  const { logger, name, startUntil: until } = running;
  const url = keyringUrl(config);
  const database = ownNamespace(config.namespace, 'keyring');
  const open = (): Promise<MongoConnection> => openMongo({ url, database, appName: `rapport-${name}` });
  const mongo = await untilThere(keyringAt(url), open, { until, logger });
  running.atEnd(() => mongo.close());
  const ask = (): Promise<unknown> => within(CHECK_MILLISECONDS, mongo.serverVersion());
  running.dependsOn({ name: 'keyring', needed: true, ask });
  return mongo;
};

const keyringUrl = (config: KeySettings): string => config.keyringUrl ?? config.mongoUrl;
const keyringAt = (url: string): string => `The keyring, MongoDB at ${hostsIn(url)},`;

/** The keyring, with what older versions kept in the database of each context taken in. */
export const openKeys = async (
  running: RunningProcess,
  config: KeySettings,
  shared: MongoConnection,
): Promise<CachedKeyStore> => {
  const { logger, name, startUntil: until } = running;
  const what = keyringAt(keyringUrl(config));
  const wrapping = masterKeyOf(config.masterKey);
  const store = new MongoKeyStore(shared, wrapping);
  // All of them in every process: nobody's second key is made while the first one is still elsewhere.
  const takeIn = () => withOldKeys(config, wrapping, name, (old) => openKeyring(store, { region: config.region, old }));
  await untilThere(what, takeIn, { until, logger });
  return new CachedKeyStore(store, { expireAfterMilliseconds: KEYS_EXPIRE_AFTER_MILLISECONDS });
};

const withOldKeys = async (
  { mongoUrl: url, namespace }: KeySettings,
  wrapping: KeyWrapping,
  service: string,
  work: (old: readonly OldKeys[]) => Promise<void>,
): Promise<void> => {
  const connections: MongoConnection[] = [];
  try {
    const old: OldKeys[] = [];
    for (const context of CONTEXTS_WITH_KEYS) {
      const connection = await openMongo({ url, database: ownNamespace(namespace, context) });
      connections.push(connection);
      const store = new MongoKeyStore(connection, wrapping);
      if (context !== service && !(await mayRead(store))) continue;
      old.push({ context, store, remove: () => store.drop() });
    }
    await work(old);
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
  }
};

/** Where each context signs in as somebody else, each takes in its own keys. */
export const mayRead = async (store: Pick<MongoKeyStore, 'find'>): Promise<boolean> => {
  try {
    await store.find(MASTER_KEY_CHECK);
    return true;
  } catch (failure) {
    if ((failure as { code?: unknown }).code === ACCESS_REFUSED) return false;
    throw failure;
  }
};
