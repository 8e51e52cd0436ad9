import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import { booksInViews, MongoReadModelStore } from '@rapport/mongo';
import { type MongoDatabase, newDatabase } from './mongo-database.js';

let database: MongoDatabase;
beforeEach(() => {
  database = newDatabase();
});
afterEach(() => database.drop());

it('finds the checkpoints and parked events that lay in the views', async () => {
  const connection = await database.connect();
  expect(await booksInViews(connection)).toEqual({ checkpoints: [], lists: { parked: [] } });
  const readModels = new MongoReadModelStore(connection);
  const collection = await readModels.collection({ name: 'parked_events', fields: { follower: 'text' }, indexes: [] });
  const position = positionOf(7);
  const parked = { id: 'thank|1', tenant: 'main', follower: 'thank', reason: 'no address' };
  const replayed = { ...parked, id: 'thank|2' };
  for (const document of [parked, replayed]) {
    await readModels.write({ writes: [{ collection, tenant: 'main', id: document.id, position, document }] });
  }
  const write = { collection, tenant: 'main', id: replayed.id, position: positionOf(8), document: null };
  await readModels.write({ writes: [write] });
  for (const follower of ['relay:contacts', 'contacts@abc-1']) {
    await readModels.write({ writes: [], checkpoint: { follower, position } });
  }
  expect(await booksInViews(connection)).toEqual({
    checkpoints: [{ follower: 'relay:contacts', position }],
    lists: { parked: [parked] },
  });
});
