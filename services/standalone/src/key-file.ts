import { closeSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs';
import { CachedKeyStore, type MasterKey, type OldKeys, openKeyring } from '@rapport/privacy';
import { KEYS_SCHEMA, openDatabase, SqliteKeyStore } from '@rapport/sqlite';
import type { Dependency } from '@rapport/service-kit';
import type { DataFolder } from './data-folder.js';
import { dependencyOn } from './sqlite-engines.js';

/** The keyring of all contexts, `keys.db`: apart from facts and views, so that copies of those hold nobody's key. */
export interface KeyFile {
  readonly keys: CachedKeyStore;
  /** The file itself. */
  readonly dependency: () => Dependency;
  close(): Promise<void>;
}

export const KEY_FILE = 'keys.db';

/** What contexts had before there was one keyring: `contacts-keys.db`. */
const OLD_FILE = /^(.+)-keys\.db$/;
/** As it was then. */
const OLD_SCHEMA = KEYS_SCHEMA.slice(0, 1);

/** Opens it and takes in what older versions kept in a file for each context. */
export const openKeyFile = async (folder: DataFolder, master: MasterKey, region: string | null): Promise<KeyFile> => {
  const database = openDatabase({ file: folder.file(KEY_FILE), schema: KEYS_SCHEMA, secureDelete: true });
  const keys = new CachedKeyStore(new SqliteKeyStore(database, master));
  const old: OldKeyFile[] = [];
  try {
    for (const name of readdirSync(folder.path)) {
      const context = OLD_FILE.exec(name)?.[1];
      if (context !== undefined) old.push(oldKeyFile(folder, context, master));
    }
    await openKeyring(keys, { region, old });
    return { keys, dependency: () => dependencyOn(database, true), close: () => database.close() };
  } catch (failure) {
    await Promise.all([database, ...old].map((each) => each.close()));
    throw failure;
  }
};

interface OldKeyFile extends OldKeys {
  close(): Promise<void>;
}

const oldKeyFile = (folder: DataFolder, context: string, master: MasterKey): OldKeyFile => {
  const file = folder.file(`${context}-keys.db`);
  const database = openDatabase({ file, schema: OLD_SCHEMA, secureDelete: true });
  const store = new SqliteKeyStore(database, master);
  const remove = async (): Promise<void> => {
    // The keyring has to be there for good before its only other copy goes.
    syncFolder(folder.path);
    await store.empty();
    await database.close();
    for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each, { force: true });
  };
  return { context, store, remove, close: () => database.close() };
};

/** Makes the names in a folder outlive a power failure; where a folder cannot be opened, the system does so by itself. */
const syncFolder = (path: string): void => {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};
