import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { newId } from '@rapport/kernel';
import {
  KeyDestroyed,
  type KeyWrapping,
  MASTER_KEY_CHECK,
  MasterKey,
  openKeyring,
  type Subject,
} from '@rapport/privacy';
import { keyStoreSuite } from '@rapport/privacy/conformance';
import { type MongoConnection, MongoKeyStore } from '@rapport/mongo';
import { type MongoDatabase, newDatabase } from './mongo-database.js';

// Thousands of documents go through a server, on whatever machine.
jest.setTimeout(60_000);

const AT = '2026-01-02T03:04:05.678Z';

const newMaster = (): MasterKey => MasterKey.fromBase64(randomBytes(32).toString('base64'));
const newSubject = (): Subject => ({ tenant: 'acme', id: newId() });

/** Every document as MongoDB keeps it. */
const documents = async ({ mongoose }: MongoConnection): Promise<Buffer[]> => {
  const raw = await mongoose.db!.collection('subject_keys').find({}, { raw: true }).toArray();
  return raw as unknown as Buffer[];
};

keyStoreSuite('MongoDB', {
  features: { restart: true },
  async open() {
    const database = newDatabase();
    const connection = await database.connect();
    const masterKey = newMaster();
    return {
      store: new MongoKeyStore(connection, masterKey),
      reopen: async () => new MongoKeyStore(await database.connect(), masterKey),
      bytes: () => documents(connection),
      close: () => database.drop(),
    };
  },
});

describe('keys in MongoDB', () => {
  let database: MongoDatabase;
  let connection: MongoConnection;
  let master: MasterKey;
  let store: MongoKeyStore;
  beforeEach(async () => {
    database = newDatabase();
    connection = await database.connect();
    master = newMaster();
    store = new MongoKeyStore(connection, master);
  });
  afterEach(() => database.drop());

  it('are one each, or gone for good, however two processes race', async () => {
    const other = new MongoKeyStore(await database.connect(), master);
    const [early, late] = [AT, '2026-06-07T08:09:10.111Z'];
    const races = Array.from({ length: 100 }, async (_, n) => {
      const subject = newSubject();
      const creating = [store, other, store, other].map((each) => each.create(subject));
      const destroying = n % 2 ? [other.destroy(subject, early), store.destroy(subject, late)] : [];
      const keys = (await Promise.allSettled(creating)).flatMap((each) => {
        if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(KeyDestroyed);
        return each.status === 'fulfilled' ? each.value.toString('hex') : [];
      });
      expect(new Set(keys).size).toBe(destroying.length > 0 ? Math.min(keys.length, 1) : 1);
      expect(new Set((await Promise.all(destroying)).map(({ destroyedAt }) => destroyedAt)).size).toBe(n % 2);
      const found = await Promise.all([store.find(subject), other.find(subject)]);
      expect(found.map((key) => key?.toString('hex'))).toEqual(n % 2 ? ['destroyed', 'destroyed'] : [keys[0], keys[0]]);
    });
    await Promise.all(races);
  });

  it('leave no document once they are destroyed', async () => {
    const subject = newSubject();
    await store.create(subject);
    const [before] = await documents(connection);
    const { wrapped } = (await connection.mongoose.db!.collection('subject_keys').findOne())!;
    const bytes = Buffer.from((wrapped as { buffer: Uint8Array }).buffer);
    expect(before!.includes(bytes)).toBe(true);
    await store.destroy(subject, AT);
    expect((await documents(connection)).map((document) => document.includes(bytes))).toEqual([false]);
  });

  it('say so when the master key is another one', async () => {
    const subject = newSubject();
    await store.create(subject);
    const mistaken = new MongoKeyStore(connection, newMaster());
    const ways = [() => mistaken.find(subject), () => mistaken.create(subject), () => mistaken.findMany([subject])];
    for (const ask of ways) await expect(ask()).rejects.toMatchObject({ code: 'wrong-master-key' });
  });

  it('can be wrapped by a service elsewhere', async () => {
    const remote: KeyWrapping = {
      wrap: async (key, subject) => Buffer.concat([Buffer.from('kms:'), master.wrap(key, subject)]),
      unwrap: async (wrapped, subject) => master.unwrap(wrapped.subarray(4), subject),
    };
    const subjects = [newSubject(), newSubject()];
    const elsewhere = new MongoKeyStore(connection, remote);
    const keys = await Promise.all(subjects.map((subject) => elsewhere.create(subject)));
    expect(await elsewhere.create(subjects[0]!)).toEqual(keys[0]);
    expect(await elsewhere.findMany(subjects)).toEqual(keys);
  });
});

describe('the keyring of all contexts in MongoDB', () => {
  it('takes in what contexts had in databases of their own, also where several processes do so at once', async () => {
    const [keyring, contacts, sales] = [newDatabase(), newDatabase(), newDatabase()];
    const master = newMaster();
    const storeIn = async (database: MongoDatabase) => new MongoKeyStore(await database.connect(), master);
    const [ofContacts, ofSales] = [await storeIn(contacts), await storeIn(sales)];
    const people = Array.from({ length: 2_500 }, newSubject);
    for (const each of [ofContacts, ofSales]) await each.create(MASTER_KEY_CHECK);
    const keys = await Promise.all(people.map((person) => ofContacts.create(person)));
    await ofSales.destroy(people[0]!, AT);
    const start = async (): Promise<MongoKeyStore> => {
      const store = await storeIn(keyring);
      const old = ['contacts', 'sales'].map(async (context) => {
        const each = await storeIn(context === 'contacts' ? contacts : sales);
        return { context, store: each, remove: () => each.drop() };
      });
      await openKeyring(store, { region: null, old: await Promise.all(old) });
      return store;
    };
    const [store] = await Promise.all([start(), start(), start()]);
    expect(await store.findMany(people)).toEqual(['destroyed', ...keys.slice(1)]);
    for (const old of [ofContacts, ofSales]) for await (const page of old.entries()) expect(page).toEqual([]);
    await Promise.all([keyring, contacts, sales].map((database) => database.drop()));
  }, 60_000);
});
