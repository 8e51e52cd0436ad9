import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, READ_MODEL_SCHEMA, SqliteReadModelStore } from '@rapport/sqlite';
import { readModelStoreSuite } from '@rapport/read-models/conformance';

readModelStoreSuite('SQLite', {
  features: { durable: true, atomic: true, purge: true, codePointOrder: true },
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-read-models-'));
    const openStore = () =>
      new SqliteReadModelStore(openDatabase({ file: join(folder, 'read.db'), schema: READ_MODEL_SCHEMA }));
    const store = openStore();
    let last = store;
    return {
      store,
      reopen: async () => {
        await store.close();
        return (last = openStore());
      },
      files: async () => (await readdir(folder)).map((file) => join(folder, file)),
      dispose: async () => {
        await last.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
