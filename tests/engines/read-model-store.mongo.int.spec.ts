import { MongoReadModelStore } from '@rapport/mongo';
import { readModelStoreSuite } from '@rapport/read-models/conformance';
import { newDatabase, type MongoDatabase } from './mongo-database.js';

/** MongoDB compares texts by their UTF-8 bytes; some servers that speak its protocol compare UTF-16 units. */
const comparesCodePoints = async (database: MongoDatabase): Promise<boolean> => {
  const { mongoose } = await database.connect();
  const texts = mongoose.db!.collection<{ _id: string }>('texts');
  await texts.insertMany([{ _id: '\uFFFD' }, { _id: '😀' }]);
  const [first] = await texts.find().sort({ _id: 1 }).toArray();
  await database.drop();
  return first?._id === '\uFFFD';
};

const codePointOrder = await comparesCodePoints(newDatabase());

readModelStoreSuite('MongoDB', {
  features: { durable: true, atomic: false, purge: false, codePointOrder },
  open: async () => {
    const database = newDatabase();
    const openStore = async () => new MongoReadModelStore(await database.connect());
    return {
      store: await openStore(),
      reopen: openStore,
      files: async () => [],
      dispose: () => database.drop(),
    };
  },
});
