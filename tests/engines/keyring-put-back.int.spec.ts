import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { missingEngines } from '@rapport/engines';
import { type MongoConnection, openMongo } from '@rapport/mongo';
import { Api, type Fields } from '../journeys/support/api.js';
import { ADMINISTRATOR } from '../journeys/support/assembly.js';
import { eventually } from '../journeys/support/eventually.js';
import { type ProcessAssembly, startProcesses } from '../journeys/support/processes/process-assembly.js';
import { describeWhere } from '../journeys/support/host-tools.js';
import type { ServiceProcess } from '../journeys/support/processes/service-process.js';

jest.setTimeout(180_000);

const missing = missingEngines('kafka', 'mongodb');

const ADA = { firstName: 'Quirinella', lastName: 'Zwtterqvist' };

interface Named {
  readonly _id: string;
}

describeWhere(missing, 'a copy of the keyring that was put back', () => {
  let assembly: ProcessAssembly;
  let api: Api;
  let keyring: MongoConnection;
  beforeAll(async () => {
    assembly = await startProcesses();
    api = new Api(assembly.address, ADMINISTRATOR);
    const { MONGODB_URL: url, RAPPORT_NAMESPACE: namespace } = assembly.settings;
    keyring = await openMongo({ url: url!, database: `${namespace}_keyring` });
  });
  afterAll(async () => {
    await keyring.close();
    await assembly.stop();
  });

  const COLLECTIONS = ['subject_keys', 'key_notes'];
  const copied = (): Promise<readonly (readonly Named[])[]> =>
    Promise.all(COLLECTIONS.map((name) => keyring.collection<Named>(name).find().toArray()));
  const putBack = async (copy: readonly (readonly Named[])[]): Promise<void> => {
    for (const [at, name] of COLLECTIONS.entries()) {
      await keyring.collection(name).deleteMany({});
      await keyring.collection<Named>(name).insertMany([...copy[at]!]);
    }
  };
  const create = async (contact: object): Promise<string> => (await api.post('/v1/contacts', contact)).id;
  const keyOf = (id: string) =>
    keyring.collection<Named & { readonly destroyedAt?: string }>('subject_keys').findOne({ _id: `main/${id}` });
  const contacts = (): ServiceProcess => assembly.of('contacts')[0]!;

  it('loses at the start every key of somebody who was erased since, and nobody else’s', async () => {
    const [id, other] = [await create(ADA), await create({ lastName: 'Somebody Else' })];
    const older = await copied();
    await api.post(`/v1/contacts/${id}:erase`);
    const erased = await eventually(
      () => keyOf(id),
      (key) => key?.destroyedAt !== undefined,
    );
    await contacts().stop();
    await putBack(older);
    expect((await keyOf(id))?.destroyedAt).toBeUndefined();
    await contacts().start();
    expect(await keyOf(id)).toEqual(erased);
    const asked = [`/v1/contacts/${id}`, `/v1/contacts/${id}/history`, '/v1/contacts?archived=true'];
    const answers = await eventually(
      () => Promise.all(asked.map((path) => api.get<Fields>(path))).catch(() => undefined),
      (told) => told !== undefined,
    );
    expect(JSON.stringify(answers)).not.toContain(ADA.lastName);
    expect(await api.get(`/v1/contacts/${other}`)).toMatchObject({ lastName: 'Somebody Else' });
  });

  it('is refused at the start where it lacks keys of facts, with the way out', async () => {
    const older = await copied();
    await create(ADA);
    const newer = await copied();
    await contacts().stop();
    await putBack(older);
    await expect(contacts().start()).rejects.toThrow(
      /There are sealed facts of contacts without their keys.*RAPPORT_LOST_KEYS=forget/,
    );
    await putBack(newer);
    await contacts().start();
  });
});
