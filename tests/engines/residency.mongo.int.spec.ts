import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { MongoReadModelStore } from '@rapport/mongo';
import { keepViewsIn } from '@rapport/processing';
import { type MongoDatabase, newDatabase } from './mongo-database.js';

let database: MongoDatabase;
beforeEach(() => {
  database = newDatabase();
});
afterEach(() => database.drop());

/** As each process does when it starts. */
const opened = async (region: string | null): Promise<void> =>
  keepViewsIn(region, 'What sales has stored in MongoDB', new MongoReadModelStore(await database.connect()));

it('lists, and files that lie beside them, are opened in the region that they were first opened in', async () => {
  await opened(null);
  await opened('eu');
  await opened('eu');
  for (const region of ['us', null])
    await expect(opened(region)).rejects.toMatchObject({
      code: 'other-region',
      message: expect.stringContaining('What sales has stored in MongoDB belongs to region "eu"'),
    });
});
