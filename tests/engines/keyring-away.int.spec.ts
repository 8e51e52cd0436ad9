import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { missingEngines } from '@rapport/engines';
import { LossyLink } from '../distributed/lossy-link.js';
import { Api, problemOf, type Fields, type List } from '../journeys/support/api.js';
import { ADMINISTRATOR } from '../journeys/support/assembly.js';
import { eventually } from '../journeys/support/eventually.js';
import { describeWhere } from '../journeys/support/host-tools.js';
import { type ProcessAssembly, startProcesses } from '../journeys/support/processes/process-assembly.js';

jest.setTimeout(120_000);

const missing = missingEngines('kafka', 'mongodb');

describeWhere(missing, 'a keyring that cannot be reached', () => {
  let link: LossyLink;
  let assembly: ProcessAssembly;
  let api: Api;
  beforeAll(async () => {
    const url = new URL(process.env['MONGODB_URL']!);
    link = await LossyLink.to(Number(url.port));
    url.host = link.address;
    assembly = await startProcesses({ settings: { RAPPORT_KEYRING_URL: url.href } });
    api = new Api(assembly.address, ADMINISTRATOR);
  });
  afterAll(async () => {
    link.mend();
    await assembly.stop();
    link.close();
  });

  it('makes what needs a key wait, gives no wrong answer, and nothing is lost or doubled when it is back', async () => {
    const create = (lastName: string): Promise<Fields> =>
      api.post('/v1/contacts', { lastName }, { 'idempotency-key': lastName });
    const { id } = await create('Before');
    const list = (): Promise<List<Fields>> => api.get<List<Fields>>('/v1/contacts?sort=lastName');
    await eventually(list, ({ data }) => data.length === 1);
    link.cut();
    expect(await problemOf(create('Meanwhile'))).toMatchObject({ status: 503, retryable: true });
    expect((await list()).data).toMatchObject([{ id, lastName: 'Before' }]);
    expect(await api.post('/v1/accounts', { name: 'Says nothing about people' })).toMatchObject({
      id: expect.any(String),
    });
    link.mend();
    await eventually(
      () => create('Meanwhile').catch(() => undefined),
      (created) => created !== undefined,
    );
    const shown = await eventually(list, ({ data }) => data.length === 2);
    expect(shown.data.map(({ lastName }) => lastName)).toEqual(['Before', 'Meanwhile']);
  });
});
