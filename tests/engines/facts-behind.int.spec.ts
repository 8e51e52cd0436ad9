import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { missingEngines } from '@rapport/engines';
import { type MongoConnection, openMongo } from '@rapport/mongo';
import { Api, type Fields, type List } from '../journeys/support/api.js';
import { ADMINISTRATOR } from '../journeys/support/assembly.js';
import { eventually } from '../journeys/support/eventually.js';
import { type ProcessAssembly, startProcesses } from '../journeys/support/processes/process-assembly.js';
import { describeWhere } from '../journeys/support/host-tools.js';
import type { ServiceProcess } from '../journeys/support/processes/service-process.js';

jest.setTimeout(180_000);

const missing = missingEngines('kafka', 'mongodb');

interface StoredCheckpoint {
  readonly _id: string;
  readonly position: string;
}

describeWhere(missing, 'facts behind their views', () => {
  let assembly: ProcessAssembly;
  let views: MongoConnection;
  beforeAll(async () => {
    assembly = await startProcesses();
    const { MONGODB_URL: url, RAPPORT_NAMESPACE: namespace } = assembly.settings;
    views = await openMongo({ url: url!, database: `${namespace}_contacts` });
  });
  afterAll(async () => {
    await views.close();
    await assembly.stop();
  });

  it('are refused at the start, and nothing is wrong with views that have seen the whole log', async () => {
    const api = new Api(assembly.address, ADMINISTRATOR);
    const [contacts] = assembly.of('contacts') as readonly [ServiceProcess];
    const { id } = await api.post('/v1/contacts', { lastName: 'Somebody' });
    const list = (): Promise<List<Fields>> => api.get<List<Fields>>('/v1/contacts');
    await eventually(list, ({ data }) => data.some((contact) => contact.id === id));
    await contacts.stop();
    await contacts.start();
    await contacts.stop();
    const checkpoints = views.collection<StoredCheckpoint>('read_model_checkpoints');
    const seen = await checkpoints.findOne({ _id: /^contacts@/ });
    const beyond = (BigInt(seen!.position) + 1_000_000n).toString().padStart(20, '0');
    await checkpoints.updateOne({ _id: seen!._id }, { $set: { position: beyond } });
    await expect(contacts.start()).rejects.toThrow(
      `The facts of contacts end before what ${seen!._id} has seen of them: put back a copy`,
    );
    await checkpoints.updateOne({ _id: seen!._id }, { $set: { position: seen!.position } });
    await contacts.start();
  });
});
