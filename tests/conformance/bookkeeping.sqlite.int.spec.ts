import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bookkeepingSuite } from '@rapport/event-store/conformance';
import { EVENTS_SCHEMA, openDatabase, SqliteBookkeeping, SqliteEventStore } from '@rapport/sqlite';

bookkeepingSuite('SQLite', {
  // One process holds a data folder.
  features: { shared: false, restart: true },
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-books-'));
    const start = () => openDatabase({ file: join(folder, 'events.db'), schema: EVENTS_SCHEMA });
    let database = start();
    return {
      books: new SqliteBookkeeping(database),
      events: new SqliteEventStore(database),
      async reopen() {
        await database.close();
        database = start();
        return new SqliteBookkeeping(database);
      },
      async close() {
        await database.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
