import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MongoConnection } from '@rapport/mongo';
import { type MongoDatabase, newDatabase } from './mongo-database.js';

interface Owned {
  readonly _id: string;
  readonly tenant: string;
  readonly n: number;
}

describe('a connection to MongoDB', () => {
  let database: MongoDatabase;
  let connection: MongoConnection;
  beforeEach(async () => {
    database = newDatabase();
    connection = await database.connect();
    await connection.collection<Owned>('owned').insertMany([
      { _id: 'a', tenant: 'main', n: 1 },
      { _id: 'b', tenant: 'other', n: 2 },
    ]);
  });
  afterEach(() => database.drop());

  it('finds, counts, changes and removes nothing by a value that is undefined', async () => {
    const owned = connection.collection<Owned>('owned');
    const nobody = { tenant: undefined as unknown as string };
    expect(await owned.find(nobody).toArray()).toEqual([]);
    expect(await owned.findOne({ _id: undefined })).toBeNull();
    expect(await owned.countDocuments(nobody)).toBe(0);
    expect(await owned.aggregate([{ $match: nobody }, { $group: { _id: null } }]).toArray()).toEqual([]);
    expect(await owned.updateMany(nobody, { $set: { n: 3 } })).toMatchObject({ modifiedCount: 0 });
    expect(await owned.deleteMany({ ...nobody, n: { $gt: 0 } })).toMatchObject({ deletedCount: 0 });
    expect(await owned.countDocuments()).toBe(2);
  });
});
