import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { MasterKey, type Subject } from '@rapport/privacy';
import { openDatabase, type SqliteDatabase } from './database.js';
import { SERVICE_SCHEMA } from './schema.js';
import { SqliteKeyStore } from './sqlite-key-store.js';

const newMaster = () => MasterKey.fromBase64(randomBytes(32).toString('base64'));

describe('keys in SQLite', () => {
  let folder: string;
  let database: SqliteDatabase;
  let store: SqliteKeyStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rapport-keys-'));
    database = openDatabase({ file: join(folder, 'keys.db'), schema: SERVICE_SCHEMA, secureDelete: true });
    store = new SqliteKeyStore(database, newMaster());
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });

  const filesWith = (bytes: Buffer): string[] =>
    readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(bytes));

  const wrappedKey = ({ tenant, id }: Subject): Buffer => {
    const row = database.prepare('SELECT wrapped FROM subject_keys WHERE tenant = ? AND id = ?').get(tenant, id);
    return Buffer.from(row?.['wrapped'] as Uint8Array);
  };

  const somebody = (): Subject => ({ tenant: 'acme', id: newId() });

  it('leaves the wrapped key in no file once it is destroyed, whatever came before, between and after', async () => {
    const subjects = Array.from({ length: 2_000 }, somebody);
    await Promise.all(subjects.slice(0, 1_500).map((subject) => store.create(subject)));
    await database.truncateLog();
    for (const subject of subjects.slice(1_500)) void store.create(subject);
    await store.create(somebody());
    const erased = subjects.filter((_, n) => n % 97 === 0);
    const keys = erased.map(wrappedKey);
    expect(keys.map((key) => filesWith(key).length > 0)).not.toContain(false);
    for (const subject of erased.slice(1)) void store.destroy(subject, '2026-01-01T00:00:00.000Z');
    await store.destroy(erased[0]!, '2026-01-01T00:00:00.000Z');
    await Promise.all(Array.from({ length: 200 }, () => store.create(somebody())));
    expect(keys.flatMap(filesWith)).toEqual([]);
  });

  it('leaves no wrapped key in any file once it is emptied, and none of its keys is an entry', async () => {
    const subjects = Array.from({ length: 500 }, somebody);
    await Promise.all(subjects.map((subject) => store.create(subject)));
    const keys = subjects.map(wrappedKey);
    await store.destroy(subjects[3]!, '2026-01-01T00:00:00.000Z');
    await store.empty();
    expect(keys.flatMap(filesWith)).toEqual([]);
    const left: unknown[] = [];
    for await (const page of store.entries()) left.push(...page);
    expect(left).toEqual([{ subject: subjects[3], destroyedAt: '2026-01-01T00:00:00.000Z' }]);
  });

  it('shares one transaction between a key and what else is written', async () => {
    const before = database.prepare('SELECT count(*) AS n FROM subject_keys');
    const [, seen] = await Promise.all([store.create(somebody()), database.commit(() => before.get()?.['n'])]);
    expect(seen).toBe(1);
  });

  it('says so when the master key is another one', async () => {
    const subject = somebody();
    await store.create(subject);
    const other = new SqliteKeyStore(database, newMaster());
    await expect(other.find(subject)).rejects.toMatchObject({ code: 'wrong-master-key' });
    await expect(other.create(subject)).rejects.toMatchObject({ code: 'wrong-master-key' });
  });

  it('refuses a database that would leave deleted keys behind', async () => {
    const careless = openDatabase({ file: join(folder, 'careless.db'), schema: SERVICE_SCHEMA });
    expect(() => new SqliteKeyStore(careless, newMaster())).toThrow(/secureDelete/);
    await careless.close();
  });
});
