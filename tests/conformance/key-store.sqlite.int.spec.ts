import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKey } from '@rapport/privacy';
import { keyStoreSuite } from '@rapport/privacy/conformance';
import { openDatabase, SERVICE_SCHEMA, SqliteKeyStore } from '@rapport/sqlite';

keyStoreSuite('SQLite', {
  features: { restart: true },
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-keys-'));
    const masterKey = MasterKey.fromBase64(randomBytes(32).toString('base64'));
    const start = () => {
      const database = openDatabase({ file: join(folder, 'keys.db'), schema: SERVICE_SCHEMA, secureDelete: true });
      return { database, store: new SqliteKeyStore(database, masterKey) };
    };
    let running = start();
    return {
      store: running.store,
      async reopen() {
        await running.database.close();
        running = start();
        return running.store;
      },
      bytes: async () => Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name)))),
      async close() {
        await running.database.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
