import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MASTER_KEY_CHECK, MasterKey } from '@rapport/privacy';
import { KEYS_SCHEMA, openDatabase, SqliteKeyStore } from '@rapport/sqlite';
import { DataFolder } from './data-folder.js';
import { openKeyFile } from './key-file.js';

const AT = '2026-01-02T03:04:05.678Z';
const PEOPLE = Array.from({ length: 1_500 }, (_, n) => ({ tenant: 'main', id: `person-${n}` }));
const SECRET = { tenant: 'main', id: 'imported-record-ids' };
const ERASED = PEOPLE[3]!;

let folder: DataFolder;
let master: MasterKey;
beforeEach(async () => {
  folder = DataFolder.take(await mkdtemp(join(tmpdir(), 'rapport-key-file-')));
  master = MasterKey.fromFile(folder.file('master.key'));
});
afterEach(() => {
  folder.release();
  rmSync(folder.path, { recursive: true });
});

/** A file as it was when each context had one. */
const oldFile = async (context: string, work: (store: SqliteKeyStore) => Promise<unknown>): Promise<void> => {
  const file = folder.file(`${context}-keys.db`);
  const database = openDatabase({ file, schema: KEYS_SCHEMA.slice(0, 1), secureDelete: true });
  const store = new SqliteKeyStore(database, master);
  await store.create(MASTER_KEY_CHECK);
  await work(store);
  await database.close();
};

const files = (): string[] => readdirSync(folder.path).filter((name) => /keys\.db/.test(name));

const secrets: string[] = [];
const keys: Buffer[] = [];
const installationOfBefore = async (): Promise<void> => {
  await oldFile('contacts', async (store) => {
    keys.splice(0, Infinity, ...(await Promise.all(PEOPLE.map((person) => store.create(person)))));
    await store.destroy(ERASED, AT);
    secrets[0] = (await store.create(SECRET)).toString('hex');
  });
  await oldFile('sales', async (store) => (secrets[1] = (await store.create(SECRET)).toString('hex')));
};

/** Opens the keyring, and looks whether everything is in it. */
const expectMerged = async (): Promise<void> => {
  const opened = await openKeyFile(folder, master, null);
  const found = await opened.keys.findMany(PEOPLE);
  expect(found.map((key) => key?.toString('hex'))).toEqual(
    keys.map((key, n) => (PEOPLE[n] === ERASED ? 'destroyed' : key.toString('hex'))),
  );
  const own = ['contacts', 'sales'].map((context) => ({ tenant: 'main', id: `${context}/${SECRET.id}` }));
  expect((await opened.keys.findMany(own)).map((key) => key?.toString('hex'))).toEqual(secrets);
  await opened.close();
  expect(files()).toEqual(['keys.db']);
};

describe('the file of keys', () => {
  it('takes in the files that contexts had, which go', async () => {
    await installationOfBefore();
    await expectMerged();
    await expectMerged();
  });

  it('goes on where a start was cut off: an old file emptied and still there, one half removed', async () => {
    await installationOfBefore();
    await expectMerged();
    await oldFile('contacts', async (store) => {
      await Promise.all(PEOPLE.map((person, n) => store.create(person, keys[n])));
      await store.empty();
    });
    writeFileSync(folder.file('sales-keys.db-wal'), '');
    const opened = await openKeyFile(folder, master, null);
    expect(await opened.keys.find(PEOPLE[0]!)).toEqual(keys[0]);
    await opened.close();
    expect(files().filter((name) => name.endsWith('.db'))).toEqual(['keys.db']);
  });

  it('says which old file is damaged, and leaves everything as it is', async () => {
    await installationOfBefore();
    writeFileSync(folder.file('sales-keys.db'), 'no database at all, but long enough to be taken for one');
    await expect(openKeyFile(folder, master, null)).rejects.toThrow(/sales-keys\.db is damaged/);
    expect(files()).toContain('contacts-keys.db');
  });

  it('cannot be opened with another master key, and then takes nothing in', async () => {
    await installationOfBefore();
    const other = MasterKey.fromBase64(Buffer.alloc(32, 9).toString('base64'));
    await expect(openKeyFile(folder, other, null)).rejects.toMatchObject({ code: 'wrong-master-key' });
    await expectMerged();
  });
});
