import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type SqliteDatabase } from './database.js';
import { FILE_STORE_SCHEMA, SqliteFileStore } from './sqlite-file-store.js';

const PIECE = Buffer.alloc(512 * 1024, 'a');
const PIECES = 12;
const FACTS = 'CREATE TABLE facts (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT';

let folder: string;
let database: SqliteDatabase;
let store: SqliteFileStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-room-'));
  database = openDatabase({ file: join(folder, 'files.db'), schema: [FILE_STORE_SCHEMA, FACTS], secureDelete: true });
  store = new SqliteFileStore(database);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const bytesOf = async (): Promise<number> => {
  await database.truncateLog();
  return statSync(join(folder, 'files.db')).size;
};
const refused = async (id: string): Promise<void> => {
  const file = { tenant: 'acme', id };
  for (let n = 0; n < PIECES; n += 1) await store.append(file, n * PIECE.length, PIECE);
  await store.remove(file);
};

describe('the room of files that were removed', () => {
  it('is used again, by files and by everything else, before the database grows', async () => {
    await refused('first');
    const once = await bytesOf();
    for (const id of ['second', 'third', 'fourth']) await refused(id);
    const insert = database.prepare('INSERT INTO facts (text) VALUES (?)');
    for (let n = 0; n < PIECES / 2; n += 1) await database.commit(() => void insert.run(String(PIECE)));
    expect((await bytesOf()) / once).toBeLessThan(1.1);
  });
});
