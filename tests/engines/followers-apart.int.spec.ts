import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { missingEngines } from '@rapport/engines';
import { ADMINISTRATOR } from '../journeys/support/assembly.js';
import { Api, type Fields, type List, problemOf } from '../journeys/support/api.js';
import { eventually } from '../journeys/support/eventually.js';
import { Import } from '../journeys/support/imports.js';
import { describeWhere } from '../journeys/support/host-tools.js';
import { type ProcessAssembly, startProcesses } from '../journeys/support/processes/process-assembly.js';

jest.setTimeout(120_000);

const TAKES_CALLS = { RAPPORT_FOLLOWERS: 'off' };
const FOLLOWS = { RAPPORT_FOLLOWERS: 'only' };
/** Of each context one process that takes calls and one that follows. */
const APART = [TAKES_CALLS, FOLLOWS];

let assembly: ProcessAssembly | undefined;
let api: Api;
beforeAll(async () => {
  if (missing.length > 0) return;
  assembly = await startProcesses({
    replicas: { contacts: 2, sales: 2 },
    each: { contacts: APART, sales: APART },
  });
  api = new Api(assembly.address, ADMINISTRATOR);
});
afterAll(() => assembly?.stop());

interface Followers {
  readonly data: readonly { readonly name: string; readonly owner?: string }[];
}

const missing = missingEngines('kafka', 'mongodb', 'eventstoredb');
describeWhere(missing, 'processes that only follow', () => {
  it('make what those show: lists, names from other contexts, imports, rebuilds', async () => {
    const account = await api.post('/v1/accounts', { name: 'Acme' });
    expect((await api.get<List<Fields>>('/v1/accounts')).data).toMatchObject([{ name: 'Acme' }]);
    await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
    const deal = await api.post('/v1/opportunities', { name: 'Deal', accountId: account.id });
    await eventually(
      () => api.get(`/v1/opportunities/${deal.id}`),
      ({ accountName }) => accountName === 'Acme',
    );
    const { state, counts } = await (await Import.run(api, 'contacts', 'Last name\nOne\nTwo\n')).view();
    expect([state, counts]).toMatchObject(['done', { created: 2 }]);
    const { generation } = await api.post('/v1/operations/contacts/projections/contacts:rebuild');
    expect(generation).toEqual(expect.any(String));
    expect(await api.all('/v1/contacts')).toHaveLength(2);
  });

  it('ask each other', async () => {
    const file = 'Opportunity ID,Opportunity,Account,Stage\nD-1,Racks,Bolt,New\n';
    const imported = await Import.run(api, 'opportunities', file, { createMissing: ['account'] });
    expect((await imported.view()).counts).toMatchObject({ created: 1 });
    expect((await api.get<List<Fields>>('/v1/accounts?sort=name')).data.map(({ name }) => name)).toEqual([
      'Acme',
      'Bolt',
    ]);
  });

  it('may be away: calls are taken, whoever waits is told, and nothing is missing afterwards', async () => {
    const follows = assembly!.of('contacts')[1]!;
    expect(await follows.stop()).toBe(0);
    const { id } = await api.post('/v1/contacts', { lastName: 'Meanwhile' });
    expect(await problemOf(api.get('/v1/contacts'))).toMatchObject({ status: 503, code: 'not-caught-up' });
    await follows.start();
    await eventually(
      () => api.get(`/v1/contacts/${id}`).catch(() => undefined),
      (shown) => shown?.['lastName'] === 'Meanwhile',
    );
  });

  it('own every follower, and take no calls', async () => {
    const { data } = await api.get<Followers>('/v1/operations/sales/followers');
    expect(data.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringMatching(/^opportunities@/)]));
    expect(assembly!.of('sales').map(({ takesCalls }) => takesCalls)).toEqual([true, false]);
  });
});
