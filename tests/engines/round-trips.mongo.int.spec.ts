import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { positionOf } from '@rapport/kernel';
import { type MongoConnection, MongoKeyStore, MongoReadModelStore } from '@rapport/mongo';
import type { Collection, CollectionDeclaration, Document } from '@rapport/read-models';
import { type MongoDatabase, newDatabase } from './mongo-database.js';

jest.setTimeout(60_000);

const DEALS: CollectionDeclaration = { name: 'deals', fields: { name: 'text', at: 'number' }, indexes: [['name']] };
const MANY = 900;
const ids = Array.from({ length: MANY }, (_, n) => `${n}`);
const tenant = 'main';
const scope = everythingOf(tenant);

describe('what goes to MongoDB and back', () => {
  let database: MongoDatabase;
  let connection: MongoConnection;
  let store: MongoReadModelStore;
  let deals: Collection<Document>;
  let sent: string[];

  beforeEach(async () => {
    database = newDatabase();
    connection = await database.connect({ monitorCommands: 'true' });
    connection.mongoose.getClient().on('commandStarted', ({ commandName }) => sent.push(commandName));
    sent = [];
    store = new MongoReadModelStore(connection);
    deals = await store.collection(DEALS);
    await write(1);
    sent = [];
  });
  afterEach(() => database.drop());

  const write = (position: number) =>
    store.write({
      writes: ids.map((id) => ({
        ...{ collection: deals, tenant, id, position: positionOf(position) },
        document: { id, tenant, name: id, ...(Number(id) % 2 ? { at: Number(id) } : {}) } as Document,
      })),
      checkpoint: { follower: 'f', position: positionOf(position) },
    });

  it('is one question for a page of many, however it is sorted', async () => {
    const sorts = [
      undefined,
      [{ field: 'name', descending: true }],
      [{ field: 'at', descending: true }, { field: 'name' }],
    ];
    for (const sort of sorts) {
      sent = [];
      const { documents } = await deals.query(scope, { limit: MANY, ...(sort ? { sort } : {}) });
      expect(documents).toHaveLength(MANY);
      expect(sent).not.toContain('getMore');
    }
  });

  it('is one question for many documents by their ids, and for many groups', async () => {
    expect(await deals.getMany(scope, ids)).toHaveProperty('size', MANY);
    expect(await deals.aggregate(scope, { groupBy: ['name'] })).toHaveLength(MANY);
    expect(sent.filter((name) => name !== 'find' && name !== 'aggregate')).toEqual([]);
    expect(sent).toHaveLength(2);
  });

  it('is one call for what a batch changes, and one for its checkpoint', async () => {
    await deals.load(ids.map((id) => ({ tenant, id })));
    sent = [];
    await write(2);
    expect(sent).toEqual(['update', 'update']);
  });

  it('is one question for many keys', async () => {
    const wrapping = {
      wrap: async (key: Uint8Array) => Buffer.from(key),
      unwrap: async (key: Uint8Array) => Buffer.from(key),
    };
    const keys = new MongoKeyStore(connection, wrapping);
    const subjects = ids.map((id) => ({ tenant, id }));
    const made = await Promise.all(subjects.map((subject) => keys.create(subject, randomBytes(32))));
    // Whether the tenant is there is asked once; the first may go before the others are asked for.
    expect(sent.length).toBeLessThanOrEqual(3);
    sent = [];
    expect(await keys.findMany(subjects)).toEqual(made);
    expect(sent).toEqual(['find']);
  });
});
