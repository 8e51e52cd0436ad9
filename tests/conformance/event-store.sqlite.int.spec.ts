import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreSuite } from '@rapport/event-store/conformance';
import { openDatabase, SERVICE_SCHEMA, SqliteEventStore } from '@rapport/sqlite';

eventStoreSuite('SQLite', {
  features: { idempotentAny: false, restart: true },
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-events-'));
    const start = () => {
      const database = openDatabase({ file: join(folder, 'events.db'), schema: SERVICE_SCHEMA });
      return { database, store: new SqliteEventStore(database) };
    };
    let running = start();
    const stop = async () => {
      await running.store.close();
      await running.database.close();
    };
    return {
      store: running.store,
      async reopen() {
        await stop();
        running = start();
        return running.store;
      },
      async close() {
        await stop();
        await rm(folder, { recursive: true });
      },
    };
  },
});
