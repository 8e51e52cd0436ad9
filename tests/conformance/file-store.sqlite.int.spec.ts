import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStoreSuite } from '@rapport/files/conformance';
import { FILE_STORE_SCHEMA, openDatabase, SqliteFileStore } from '@rapport/sqlite';

fileStoreSuite('SQLite', {
  features: { restart: true },
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-files-'));
    const open = () =>
      openDatabase({ file: join(folder, 'files.db'), schema: [FILE_STORE_SCHEMA], secureDelete: true });
    let database = open();
    return {
      store: new SqliteFileStore(database),
      reopen: async () => {
        await database.close();
        return new SqliteFileStore((database = open()));
      },
      close: async () => {
        await database.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});
