import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Api,
  eventsOf,
  type Fields,
  Import,
  type List,
  type Method,
  problemOf,
  Rapport,
} from './support/index.js';

/** Everything that one company has made, by what it is. */
interface Belongings {
  readonly api: Api;
  readonly ids: Readonly<
    Record<'contacts' | 'accounts' | 'pipelines' | 'products' | 'representatives' | 'opportunities', string>
  >;
  readonly importId: string;
  readonly tokenId: string;
}

const settle = async (api: Api): Promise<Belongings> => {
  const stages = [{ name: 'Engaging', probability: 50 }];
  const make = async (list: string, fields: object): Promise<string> => (await api.post(`/v1/${list}`, fields)).id;
  const accounts = await make('accounts', { name: 'Acme' });
  const pipelines = await make('pipelines', { name: 'Sales', currency: 'USD', stages });
  const amount = { minor: 105_400, currency: 'USD' };
  const opportunities = await make('opportunities', { name: 'Racks', accountId: accounts, amount });
  await api.post(`/v1/opportunities/${opportunities}:win`, { closedOn: new Date().toISOString().slice(0, 10) });
  const { id: importId } = await Import.run(api, 'accounts', 'name\nImported\nImported too\n,\n');
  return {
    api,
    ids: {
      ...{ accounts, pipelines, opportunities },
      contacts: await make('contacts', { lastName: 'Lovelace' }),
      products: await make('products', { name: 'GTX Pro' }),
      representatives: await make('representatives', { name: 'Agent 1' }),
    },
    importId,
    tokenId: (await api.post('/v1/access-tokens', { name: 'To revoke', roles: ['viewer'] })).id,
  };
};

let rapport: Rapport;
let mine: Belongings;
let theirs: Belongings;
let stranger: Api;

beforeAll(async () => {
  rapport = await Rapport.start();
  stranger = await rapport.api.clientFor(['administrator'], 'stranger');
  theirs = await settle(await rapport.api.clientFor(['administrator'], 'other'));
  mine = await settle(rapport.api);
});
afterAll(() => rapport.stop());

describe('a stranger from another tenant', () => {
  it('finds nothing in any list, report, board, import or event', async () => {
    const lists = ['contacts', 'accounts', 'pipelines', 'products', 'representatives', 'opportunities'];
    const paths = [
      ...lists.map((list) => `/v1/${list}?archived=true&total=true`),
      ...lists.map((list) => `/v1/imports/${list}`),
    ];
    for (const path of paths.filter((path) => !/imports.*pipelines/.test(path)))
      expect({ path, data: (await stranger.get<List<unknown>>(path)).data }).toEqual({ path, data: [] });
    expect((await stranger.get<List<unknown>>('/v1/reports/won?groupBy=quarter,owner,account')).data).toEqual([]);
    expect(await stranger.get('/v1/reports/outcomes')).toMatchObject({ opportunities: 0, won: 0, wonAmounts: [] });
    expect((await stranger.get<List<unknown>>('/v1/events')).data).toEqual([]);
    const tokens = await stranger.get<List<Fields>>('/v1/access-tokens');
    expect(new Set(tokens.data.map(({ tenant }) => tenant))).toEqual(new Set(['stranger']));
  });

  it('is told of every id that there is none, whatever is asked of it', async () => {
    const { ids, importId, tokenId } = mine;
    const calls: [Method, string, object?][] = Object.entries(ids).flatMap(
      ([list, id]): [Method, string, object?][] => [
        ['GET', `/v1/${list}/${id}`],
        ['GET', `/v1/${list}/${id}?asOf=2030-01-01`],
        ['GET', `/v1/${list}/${id}?asOf=2030-01-01&asOfBy=recorded`],
        ['GET', `/v1/${list}/${id}/history`],
        ['PATCH', `/v1/${list}/${id}`, list === 'contacts' ? { lastName: 'Theft' } : { name: 'Theft' }],
        ['DELETE', `/v1/${list}/${id}`],
        ['POST', `/v1/${list}/${id}:restore`],
        ['POST', `/v1/${list}/${id}:undo`, { eventId: id }],
      ],
    );
    calls.push(
      ['GET', `/v1/pipelines/${ids.pipelines}/board`],
      ['GET', `/v1/pipelines/${ids.pipelines}/board?asOf=2030-01-01`],
      ['POST', `/v1/contacts/${ids.contacts}:erase`],
      ['POST', `/v1/opportunities/${ids.opportunities}:reopen`],
      ['GET', `/v1/imports/accounts/${importId}`],
      ['GET', `/v1/imports/accounts/${importId}/rows`],
      ['GET', `/v1/imports/accounts/${importId}/errors.csv`],
      ['POST', `/v1/imports/accounts/${importId}:revert`],
      ['DELETE', `/v1/access-tokens/${tokenId}`],
    );
    for (const [method, path, body] of calls) {
      const { status } = await problemOf(stranger.send(method, path, body ? { body } : {}));
      expect({ method, path, status }).toEqual({ method, path, status: 404 });
    }
    const pipelineReport = `/v1/reports/outcomes?pipelineId=${ids.pipelines}`;
    expect(await stranger.get(pipelineReport)).toMatchObject({ opportunities: 0, stages: [] });
    const rows = [{ update: { id: ids.accounts, account: { name: 'Theft' } } }, { archive: { id: ids.accounts } }];
    const batch = await stranger.post<List<Fields>>('/v1/accounts:batch', { rows });
    expect(batch.data.map(({ status }) => status)).toEqual([404, 404]);
    expect(await mine.api.get(`/v1/accounts/${ids.accounts}`)).toMatchObject({ name: 'Acme', info: { revision: 0 } });
  });

  it('gets nothing by cursors and keys that others have used', async () => {
    const { page } = await mine.api.get<List<Fields>>('/v1/accounts?limit=1');
    const answer = await stranger.fetch('GET', `/v1/accounts?limit=1&cursor=${page.next}`);
    const text = await answer.text();
    expect(text).not.toContain('Acme');
    expect(text).not.toContain('Imported');
    const { data } = await mine.api.get<List<Fields>>('/v1/events?limit=1');
    const cursor = data[0]!['cursor'] as string;
    expect((await stranger.get<List<Fields>>(`/v1/events?after=${cursor}`)).data).toEqual([]);
    const key = { 'idempotency-key': 'shared' };
    const created = await mine.api.post('/v1/accounts', { name: 'Secret' }, key);
    const apart = await stranger.post('/v1/accounts', { name: 'Own' }, key);
    expect(apart.id).not.toBe(created.id);
    expect(apart['name']).toBe('Own');
    await stranger.delete(`/v1/accounts/${apart.id}`);
  });
});

describe('two companies', () => {
  it('each see their own alone, in lists, figures and events', async () => {
    for (const { api, ids } of [mine, theirs]) {
      for (const [list, id] of Object.entries(ids)) {
        const own = (await api.all(`/v1/${list}`)).map((record) => record.id);
        expect(own).toContain(id);
        expect(own).toHaveLength(list === 'accounts' ? (api === mine.api ? 4 : 3) : 1);
      }
      const { data } = await api.get<List<Fields>>('/v1/reports/won?groupBy=account');
      expect(data).toMatchObject([{ key: ['Acme'], count: 1, amount: { minor: 105_400, currency: 'USD' } }]);
    }
    const tenantsIn = async ({ api }: Belongings): Promise<Set<string>> => {
      const stop = new AbortController();
      const seen = new Set<string>();
      const { data } = await api.get<List<Fields>>('/v1/events?limit=500');
      let left = data.length;
      for await (const { tenant } of eventsOf(api, { signal: stop.signal })) {
        seen.add(tenant);
        if (--left === 0) stop.abort();
      }
      return seen;
    };
    expect(await tenantsIn(mine)).toEqual(new Set(['main']));
    expect(await tenantsIn(theirs)).toEqual(new Set(['other']));
  });

  it('cannot point at what is the other one’s', async () => {
    const { accounts, pipelines } = mine.ids;
    expect(await problemOf(theirs.api.post('/v1/opportunities', { name: 'x', pipelineId: pipelines }))).toMatchObject({
      status: 400,
      errors: [{ pointer: '/pipelineId' }],
    });
    const { id } = await theirs.api
      .post('/v1/opportunities', { name: 'x', accountId: accounts })
      .catch(() => ({ id: '' }));
    if (id) expect(await theirs.api.get(`/v1/opportunities/${id}`)).not.toHaveProperty('accountName');
    if (id) await theirs.api.delete(`/v1/opportunities/${id}`);
  });
});

describe('roles', () => {
  it('let a viewer look and not write, and say which permission is missing', async () => {
    const viewer = await mine.api.clientFor(['viewer']);
    expect((await viewer.get<List<Fields>>('/v1/accounts')).data).not.toEqual([]);
    expect(await viewer.get('/v1/me')).toMatchObject({ tenant: 'main', roles: ['viewer'] });
    const refused = async (call: Promise<unknown>, permission: string): Promise<void> =>
      expect(await problemOf(call)).toMatchObject({ status: 403, detail: expect.stringContaining(permission) });
    const { accounts, opportunities } = mine.ids;
    await refused(viewer.post('/v1/accounts', { name: 'x' }), 'contacts.write');
    await refused(viewer.patch(`/v1/accounts/${accounts}`, { name: 'x' }), 'contacts.write');
    await refused(viewer.delete(`/v1/accounts/${accounts}`), 'contacts.write');
    await refused(viewer.post(`/v1/opportunities/${opportunities}:reopen`), 'sales.write');
    await refused(viewer.post('/v1/opportunities:batch', { rows: [{ create: { name: 'x' } }] }), 'sales.write');
    await refused(viewer.post('/v1/imports/accounts', { fileName: 'a.csv' }), 'imports.write');
    await refused(viewer.post(`/v1/contacts/${mine.ids.contacts}:erase`), 'privacy.erase');
    await refused(viewer.post('/v1/access-tokens', { name: 'x', roles: ['viewer'] }), 'access.write');
    await refused(viewer.get('/v1/operations/sales/followers'), 'operations.read');
    const sales = await mine.api.clientFor(['sales']);
    expect(await sales.patch(`/v1/accounts/${accounts}`, { sector: 'retail' })).toMatchObject({ sector: 'retail' });
    await refused(sales.post(`/v1/contacts/${mine.ids.contacts}:erase`), 'privacy.erase');
    await refused((await mine.api.clientFor(['privacy'])).get('/v1/events'), 'events.read');
  });

  it('end with the token, and nobody comes in without one', async () => {
    const { id, secret } = await mine.api.post<{ id: string; secret: string }>('/v1/access-tokens', {
      name: 'Short',
      roles: ['viewer'],
    });
    const headers = { authorization: `Bearer ${secret}` };
    expect((await mine.api.fetch('GET', '/v1/me', { headers })).status).toBe(200);
    await mine.api.delete(`/v1/access-tokens/${id}`);
    for (const authorization of [`Bearer ${secret}`, 'Bearer guess', 'Basic eDp5', '']) {
      const answer = await mine.api.fetch('GET', '/v1/accounts', { headers: { authorization } });
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Bearer')]);
    }
  });

  it('do not let an administrator reach for another tenant', async () => {
    expect(await theirs.api.get<List<Fields>>('/v1/operations/sales/followers')).toHaveProperty('data');
    for (const path of ['sales/projections/opportunities:rebuild', 'sales/records:publish', 'sales/parked:replay']) {
      const body = path.endsWith(':rebuild') ? undefined : { id: 'x', aggregate: 'account' };
      expect(await problemOf(theirs.api.post(`/v1/operations/${path}`, body))).toMatchObject({ status: 403 });
    }
    const call = theirs.api.post('/v1/access-tokens', { name: 'x', roles: ['viewer'], tenant: 'main' });
    expect(await problemOf(call)).toMatchObject({ status: 403, code: 'foreign-tenant' });
  });
});
