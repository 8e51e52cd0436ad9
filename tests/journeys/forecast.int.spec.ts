import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually, type Fields, Import, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;

interface Part {
  readonly count: number;
  readonly amount?: { readonly minor: number; readonly currency: string };
}

interface Forecast {
  readonly asOf: string;
  readonly data: readonly ({ readonly key: readonly string[]; readonly expected: Part['amount'] } & Readonly<
    Record<'pipeline' | 'bestCase' | 'commit' | 'closed', Part>
  >)[];
}

const USD = (major: number) => ({ minor: major * 100, currency: 'USD' });
const forecast = (more = '', from = '2030-01-01', to = '2030-03-31'): Promise<Forecast> =>
  api.get(`/v1/reports/forecast?from=${from}&to=${to}${more}`);
const create = (fields: object): Promise<Fields> => api.post('/v1/opportunities', { name: 'Racks', ...fields });

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  await api.post('/v1/pipelines', {
    name: 'Hardware',
    stages: [
      { name: 'New', probability: 10 },
      { name: 'Offer', probability: 50, forecastCategory: 'bestCase' },
      { name: 'Contract', probability: 90, forecastCategory: 'commit' },
      { name: 'Asleep', probability: 5, forecastCategory: 'omitted' },
    ],
  });
});
afterAll(() => rapport.stop());

describe('a forecast', () => {
  it('adds up what is expected in a period, by category, each opportunity in one', async () => {
    const inMarch = { expectedCloseOn: '2030-03-31', amount: USD(100) };
    const [offered] = [await create({ ...inMarch, stage: 'Offer' }), await create({ ...inMarch, stage: 'Contract' })];
    await create({ ...inMarch, stage: 'Asleep' });
    await create({ ...inMarch, expectedCloseOn: '2030-04-01' });
    await create({ amount: USD(100) });
    const [{ pipeline, bestCase, commit, closed, expected }] = (await forecast()).data as [Forecast['data'][0]];
    expect(pipeline).toEqual({ count: 0, amount: USD(0) });
    expect([bestCase, commit]).toEqual([
      { count: 1, amount: USD(100) },
      { count: 1, amount: USD(100) },
    ]);
    expect(closed.count).toBe(0);
    expect(expected).toEqual(USD(140));
    await api.patch(`/v1/opportunities/${offered.id}`, { forecastCategory: 'omitted' });
    expect((await forecast()).data).toMatchObject([{ bestCase: { count: 0 }, commit: { count: 1 } }]);
    await api.patch(`/v1/opportunities/${offered.id}`, { forecastCategory: 'commit', expectedCloseOn: '2030-05-01' });
    expect((await forecast()).data).toMatchObject([{ commit: { count: 1 } }]);
    expect((await forecast('&groupBy=month', '2030-01-01', '2030-12-31')).data).toMatchObject([
      { key: ['2030-03'], commit: { count: 1 } },
      { key: ['2030-04'], pipeline: { count: 1, amount: USD(100) } },
      { key: ['2030-05'], commit: { count: 1 } },
    ]);
  });

  it('is as it was on any day before', async () => {
    const file = [
      'Opportunity ID,Opportunity,Stage,Engage Date,Close Date,Amount,Currency,Owner',
      'F-1,Looms,Won,2017-01-10,2017-03-01,500,USD,Ada',
      'F-2,Cards,Lost,2017-01-10,2017-03-01,700,USD,Ada',
      '',
    ].join('\n');
    await api.post('/v1/representatives', { name: 'Ada' });
    await Import.run(api, 'opportunities', file);
    const quarter = ['2017-01-01', '2017-03-31'] as const;
    expect((await forecast('&groupBy=owner', ...quarter)).data).toMatchObject([
      { key: ['Ada'], closed: { count: 1, amount: USD(500) }, expected: USD(500) },
    ]);
    expect((await forecast('&asOf=2017-02-28', ...quarter)).data).toEqual([]);
    expect(await forecast('&asOf=2017-03-01', ...quarter)).toMatchObject({
      asOf: '2017-03-01',
      data: [{ closed: { count: 1 } }],
    });
  });

  it('is of what somebody sees', async () => {
    const grants = [
      { object: 'opportunity', action: 'read', scope: 'own' },
      { object: 'report', action: 'read', scope: 'all' },
    ];
    const role = await api.post<Fields>('/v1/roles', { name: 'Seller', grants });
    const user = await api.post<Fields>('/v1/users', { name: 'Bo', roleIds: [role.id] });
    const { secret } = await api.post<Fields>('/v1/api-keys', { name: 'Key', userId: user.id });
    const { id } = await create({ expectedCloseOn: '2030-02-01', amount: USD(7), stage: 'Contract' });
    // Sales hears of users in its own time.
    await eventually(() => api.patch<Fields>(`/v1/opportunities/${id}`, { ownerId: user.id }).catch(() => undefined));
    const seller = new Api(api.address, String(secret));
    const { data } = await seller.get<Forecast>('/v1/reports/forecast?from=2030-01-01&to=2030-03-31');
    expect(data).toMatchObject([{ commit: { count: 1, amount: USD(7) } }]);
  });

  it.each([
    ['a period that ends before it begins', '&to=2029-12-31', 'ends-before-it-begins', '/to'],
    ['a grouping by what it does not know', '&groupBy=product', 'bad-group-by', '/groupBy'],
    ['a day that is none', '&asOf=2030-02-30', 'format', '/asOf'],
  ])('is refused: %s', async (_, query, code, pointer) => {
    const asked = query.startsWith('&to') ? forecast('', '2030-01-01', '2029-12-31') : forecast(query);
    const problem = await problemOf(asked);
    expect(problem.status).toBe(400);
    expect(problem.errors).toMatchObject([{ pointer, code: expect.stringContaining(code) as unknown }]);
  });
});
