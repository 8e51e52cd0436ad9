import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase, type SqliteDatabase } from './database.js';

const SCHEMA = ['CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT'];

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-database-'));
  file = join(folder, 'notes.db');
});
afterEach(() => rm(folder, { recursive: true }));

const using = async (test: (database: SqliteDatabase) => Promise<void>, schema = SCHEMA): Promise<void> => {
  const database = openDatabase({ file, schema });
  try {
    await test(database);
  } finally {
    await database.close();
  }
};

const insert = (database: SqliteDatabase, id: number, text = 'note') =>
  database.commit(() => {
    database.prepare('INSERT INTO notes VALUES (?, ?)').run(id, text);
    return id;
  });

const idsOf = (database: SqliteDatabase): unknown[] =>
  database
    .prepare('SELECT id FROM notes ORDER BY id')
    .all()
    .map((row) => row['id']);

describe('group commit', () => {
  it('gives each piece of work its own result, in order', () =>
    using(async (database) => {
      expect(await Promise.all([1, 2, 3].map((id) => insert(database, id)))).toEqual([1, 2, 3]);
      expect(idsOf(database)).toEqual([1, 2, 3]);
    }));

  it('shares one transaction among what arrives together', () =>
    using(async (database) => {
      const seen: unknown[] = [];
      const look = () => seen.push(database.prepare('SELECT count(*) AS n FROM notes').get()?.['n']);
      await Promise.all([insert(database, 1), database.commit(look), insert(database, 2), database.commit(look)]);
      expect(seen).toEqual([1, 2]);
    }));

  it('rejects alone what throws before it writes', () =>
    using(async (database) => {
      const refused = () => {
        throw new Error('checked and refused');
      };
      const outcomes = await Promise.allSettled([insert(database, 1), database.commit(refused), insert(database, 2)]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(idsOf(database)).toEqual([1, 2]);
    }));

  it('undoes half-written work and keeps the rest', () =>
    using(async (database) => {
      let forgotten = 0;
      database.onRollback(() => (forgotten += 1));
      const half = () => {
        database.prepare('INSERT INTO notes VALUES (?, ?)').run(7, 'half');
        throw new Error('too late');
      };
      const outcomes = await Promise.allSettled([insert(database, 1), database.commit(half), insert(database, 2)]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(idsOf(database)).toEqual([1, 2]);
      expect(forgotten).toBe(2);
    }));

  it('says that the disk is full and keeps what fits', () =>
    using(async (database) => {
      await insert(database, 1);
      database.prepare(`PRAGMA max_page_count = 4`).get();
      const outcomes = await Promise.allSettled([insert(database, 2), insert(database, 3, 'x'.repeat(50_000))]);
      expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { reason: { kind: 'storage-full' } }]);
      database.prepare(`PRAGMA max_page_count = 1000`).get();
      await insert(database, 4, 'x'.repeat(50_000));
      expect(idsOf(database)).toEqual([1, 2, 4]);
    }));

  it('commits what waits before it closes, and nothing after', async () => {
    const database = openDatabase({ file, schema: SCHEMA });
    const waiting = insert(database, 1);
    await database.close();
    await expect(insert(database, 2)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await waiting).toBe(1);
    await using(async (again) => expect(idsOf(again)).toEqual([1]));
  });

  it('refuses a transaction within work, and undoes that work alone', () =>
    using(async (database) => {
      const nested = database.commit(() => database.transaction(() => undefined));
      const outcomes = await Promise.allSettled([insert(database, 1), nested, insert(database, 2)]);
      expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('under way') } });
      expect(idsOf(database)).toEqual([1, 2]);
    }));

  it('keeps the log bounded however much is written', () =>
    using(async (database) => {
      for (let id = 1; id <= 60; id += 1) await insert(database, id, 'x'.repeat(1_000_000));
      expect(statSync(`${file}-wal`).size).toBeLessThan(20_000_000);
    }));

  it('leaves an empty log behind when told to', () =>
    using(async (database) => {
      await insert(database, 1);
      expect(readFileSync(`${file}-wal`).length).toBeGreaterThan(0);
      await database.truncateLog();
      expect(readFileSync(`${file}-wal`).length).toBe(0);
    }));

  it('waits for others who read the file, and holds nobody up meanwhile', () =>
    using(async (database) => {
      await insert(database, 1);
      const reader = new DatabaseSync(file, { readOnly: true });
      reader.exec('BEGIN');
      reader.prepare('SELECT * FROM notes').all();
      const emptied = database.truncateLog();
      await insert(database, 2);
      reader.close();
      await emptied;
      expect(readFileSync(`${file}-wal`).length).toBe(0);
    }));
});

describe('opening', () => {
  it('runs only the steps that a file has not seen', async () => {
    await using(async (database) => void (await insert(database, 1)));
    const longer = [...SCHEMA, "ALTER TABLE notes ADD COLUMN color TEXT DEFAULT 'red'"];
    await using(async (database) => {
      expect(database.prepare('SELECT color FROM notes').all()).toMatchObject([{ color: 'red' }]);
    }, longer);
  });

  it('leaves the version as it was when a step fails', async () => {
    await using(async () => undefined);
    expect(() => openDatabase({ file, schema: [...SCHEMA, 'CREATE TABLE more (id); NONSENSE'] })).toThrow();
    await using(async (database) => {
      expect(database.prepare("SELECT name FROM sqlite_schema WHERE name = 'more'").all()).toEqual([]);
    });
  });

  it('refuses a newer file and leaves it untouched', async () => {
    await using(async () => undefined, [...SCHEMA, 'SELECT 1', 'SELECT 1']);
    const before = readFileSync(file);
    expect(() => openDatabase({ file, schema: SCHEMA })).toThrow(/has version 3; this program knows versions up to 1/);
    expect(readFileSync(file)).toEqual(before);
  });

  it.each([
    ['is no database', () => writeFileSync(file, 'Dear diary, '.repeat(1_000))],
    ['has a short text in it', () => writeFileSync(file, 'hello')],
    ['was cut off', () => truncateSync(file, 4_096)],
    ['has a broken schema', () => writeFileSync(file, readFileSync(file).fill(0xff, 100, 4_096))],
  ])('refuses a file that %s, and leaves it untouched', async (_, damage) => {
    await using(async (database) => void (await insert(database, 1)));
    damage();
    const before = readFileSync(file);
    expect(() => openDatabase({ file, schema: SCHEMA })).toThrow(expect.objectContaining({ code: 'storage-corrupt' }));
    expect(readFileSync(file)).toEqual(before);
  });

  it('says which folder is missing', () => {
    const missing = join(folder, 'nowhere', 'notes.db');
    expect(() => openDatabase({ file: missing, schema: SCHEMA })).toThrow(/nowhere.*missing or not writable/);
  });

  it('says when the file is a folder', () => {
    expect(() => openDatabase({ file: folder, schema: SCHEMA })).toThrow(
      expect.objectContaining({ code: 'store-unavailable' }),
    );
  });
});
