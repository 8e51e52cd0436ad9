import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, Import, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let pipeline: Fields;
const USD = (major: number) => ({ minor: major * 100, currency: 'USD' });
const create = (fields: object): Promise<Fields> =>
  api.post('/v1/opportunities', { name: 'Racks', pipelineId: pipeline.id, ...fields });
const does = (id: string, what: string, said: object = {}): Promise<Fields> =>
  api.post(`/v1/opportunities/${id}:${what}`, said);
const read = (id: string, query = ''): Promise<Fields> => api.get(`/v1/opportunities/${id}${query}`);
const found = async (filter: string, sort = ''): Promise<readonly string[]> => {
  const query = `filter=${encodeURIComponent(filter)}${sort && `&sort=${sort}`}`;
  return (await api.get<List<Fields>>(`/v1/opportunities?${query}`)).data.map(({ id }) => id);
};

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  pipeline = await api.post('/v1/pipelines', {
    name: 'Hardware',
    lostReasons: ['Price', 'No budget'],
    stages: [
      { name: 'New', probability: 10, staleAfterDays: 2 },
      { name: 'Offer', probability: 60, forecastCategory: 'bestCase' },
      { name: 'Contract', probability: 90, forecastCategory: 'commit' },
    ],
  });
});
afterAll(() => rapport.stop());

describe('what an opportunity is worth to a forecast', () => {
  it('follows from its stage, until somebody says otherwise, until it moves', async () => {
    const { id, ...made } = await create({ amount: USD(1_000), type: 'new' });
    expect(made).toMatchObject({
      forecastCategory: 'pipeline',
      probability: 10,
      expectedRevenue: USD(100),
      type: 'new',
    });
    const said = { probability: 25, forecastCategory: 'commit', nextStep: 'Call', expectedCloseOn: '2030-01-31' };
    expect(await api.patch(`/v1/opportunities/${id}`, said)).toMatchObject({ ...said, expectedRevenue: USD(250) });
    expect(await does(id, 'move', { stage: 'Offer' })).toMatchObject({
      ...{ forecastCategory: 'bestCase', probability: 60, expectedRevenue: USD(600) },
    });
    expect(await found('forecastCategory = "bestCase" AND expectedRevenue.minor >= 60000')).toEqual([id]);
    expect(await does(id, 'win')).toMatchObject({ forecastCategory: 'closed', expectedRevenue: USD(1_000) });
    const { data } = await api.get<List<Fields>>(`/v1/opportunities/${id}/history`);
    expect(await does(id, 'undo', { eventId: data[0]!['eventId'] })).toMatchObject({ forecastCategory: 'bestCase' });
    const at = (made['info'] as Fields)['createdAt'] as string;
    expect(await read(id, `?asOf=${at}`)).toMatchObject({ forecastCategory: 'pipeline', expectedRevenue: USD(100) });
  });

  it('keeps what it had when its stage gets another category', async () => {
    const { id } = await create({ stage: 'Contract' });
    const stages = (pipeline['stages'] as Fields[]).map((stage) =>
      stage['name'] === 'Contract' ? { ...stage, forecastCategory: 'omitted' } : stage,
    );
    await api.patch(`/v1/pipelines/${pipeline.id}`, { stages });
    expect(await read(id)).toMatchObject({ forecastCategory: 'commit' });
    expect(await does(id, 'move', { stage: 'Contract' })).toMatchObject({ forecastCategory: 'omitted' });
    await api.patch(`/v1/pipelines/${pipeline.id}`, { stages: pipeline['stages'] });
  });

  it('comes from a file as well', async () => {
    const file = [
      'Opportunity ID,Opportunity,Stage,Forecast Category,Type,Competitors',
      'F-1,Of a file,Offer,Best Case,existing,"Acme; Initech"',
      'F-2,Of nothing,Offer,Sure,existing,',
    ].join('\n');
    const settings = { pipelineId: pipeline.id };
    const { counts } = await (await Import.run(api, 'opportunities', file, settings)).view();
    expect(counts).toMatchObject({ created: 1, failed: 1 });
    const [id] = await found('externalId = "F-1"');
    expect(await read(id!)).toMatchObject({
      forecastCategory: 'bestCase',
      type: 'existing',
      competitors: ['Acme', 'Initech'],
    });
  });
});

describe('an opportunity that stands in its stage for too long', () => {
  it('is stale, and found by that', async () => {
    const { id: fresh } = await create({});
    expect(await read(fresh)).toMatchObject({ daysInStage: 0, stale: false });
    const file = 'Opportunity ID,Opportunity,Stage,Engage Date\nS-1,Old,New,2026-01-01\nS-2,Older,Offer,2025-01-01\n';
    await Import.run(api, 'opportunities', file, { pipelineId: pipeline.id });
    const [[id], [offered]] = [await found('externalId = "S-1"'), await found('externalId = "S-2"')] as [
      [string],
      [string],
    ];
    expect(await read(id)).toMatchObject({ stale: true });
    expect(await read(id, '?asOf=2026-01-03')).toMatchObject({ daysInStage: 2, stale: false });
    expect(await read(offered)).toMatchObject({ stale: false });
    expect(await found('stale = true')).toEqual([id]);
    expect(await found('stale = false')).toEqual(expect.arrayContaining([fresh, offered]));
    expect(await does(id, 'move', { stage: 'Offer' })).toMatchObject({ daysInStage: 0, stale: false });
    expect(await found('stale = true')).toEqual([]);
    expect(await problemOf(found('stale = true', 'stale'))).toMatchObject({ status: 400, code: 'bad-sort' });
  });
});

describe('what a filter finds', () => {
  it('is added up by currency, as it is and as it is to be expected', async () => {
    const mark = { tags: ['summed'] };
    await create({ ...mark, amount: USD(100) });
    await create({ ...mark, amount: USD(50), stage: 'Offer' });
    await create({ ...mark, amount: { minor: 700, currency: 'EUR' }, stage: 'Contract' });
    const { id } = await create(mark);
    const sums = (filter: string) => api.get<Fields>(`/v1/reports/totals?filter=${encodeURIComponent(filter)}`);
    expect(await sums('tags:"summed"')).toEqual({
      count: 4,
      data: [
        { count: 1, amount: { minor: 700, currency: 'EUR' }, expectedRevenue: { minor: 630, currency: 'EUR' } },
        { count: 2, amount: USD(150), expectedRevenue: USD(40) },
      ],
    });
    await does(id, 'archive');
    expect(await sums('tags:"summed" AND stage = "New"')).toMatchObject({ count: 1, data: [{ amount: USD(100) }] });
    expect(await problemOf(sums('planet = "x"'))).toMatchObject({ status: 400, code: 'bad-filter' });
  });
});

describe('who takes part', () => {
  it('are contacts with roles, and competitors', async () => {
    const contact = await api.post<Fields>('/v1/contacts', { lastName: 'Lovelace' });
    const contactRoles = [{ contactId: contact.id, role: 'champion', from: '2026-01-01' }];
    const { id } = await create({ contactRoles, competitors: ['Acme'] });
    expect(await read(id)).toMatchObject({ contactRoles, competitors: ['Acme'] });
    expect(await found(`contactIds:"${contact.id}" AND competitors:"Acme"`)).toEqual([id]);
    const again = await api.patch<Fields>(`/v1/opportunities/${id}`, { contactRoles });
    expect((again['info'] as Fields)['revision']).toBe(0);
  });
});

describe('a stage that requires something', () => {
  it('refuses what does not say it yet, and names all of it', async () => {
    const stages = [
      { name: 'New', probability: 10 },
      { name: 'Offer', probability: 50, requires: { fields: ['amount', 'accountId', 'contactRoles'] } },
    ];
    const strict = await api.post<Fields>('/v1/pipelines', { name: 'Strict', stages });
    const { id } = await create({ pipelineId: strict.id, amount: USD(1) });
    const problem = await problemOf(does(id, 'move', { stage: 'Offer' }));
    expect(problem).toMatchObject({ status: 400, code: 'stage-requires', errors: [{ pointer: '/accountId' }] });
    expect(problem.detail).toContain('accountId, contactRoles');
    expect(await read(id)).toMatchObject({ stage: 'New' });
    const account = await api.post<Fields>('/v1/accounts', { name: 'Acme' });
    const contact = await api.post<Fields>('/v1/contacts', { lastName: 'Babbage' });
    const contactRoles = [{ contactId: contact.id, role: 'decisionMaker' }];
    await api.patch(`/v1/opportunities/${id}`, { accountId: account.id, contactRoles });
    expect(await does(id, 'move', { stage: 'Offer' })).toMatchObject({ stage: 'Offer' });
    expect(await problemOf(create({ pipelineId: strict.id, stage: 'Offer' }))).toMatchObject({
      code: 'stage-requires',
    });
    const imported = 'Opportunity ID,Opportunity,Stage\nG-1,Brought in,Offer\n';
    const { counts } = await (await Import.run(api, 'opportunities', imported, { pipelineId: strict.id })).view();
    expect(counts).toMatchObject({ created: 1 });
  });
});

describe('a loss', () => {
  it('is for one of the pipeline’s reasons, and to somebody', async () => {
    const { id } = await create({});
    expect(await problemOf(does(id, 'lose', { reason: 'Weather' }))).toMatchObject({
      ...{ status: 400, code: 'unknown-reason' },
      errors: [{ pointer: '/reason' }],
    });
    const lost = await does(id, 'lose', { reason: 'no budget', lostTo: 'Acme' });
    expect(lost).toMatchObject({ lostReason: 'No budget', lostTo: 'Acme', forecastCategory: 'omitted' });
    expect(await found('lostTo = "Acme"')).toEqual([id]);
  });
});

it.each([
  ['a category that is none', { forecastCategory: 'sure' }, '/forecastCategory'],
  ['closed while it is open', { forecastCategory: 'closed' }, '/forecastCategory'],
  ['a role that is none', { contactRoles: [{ contactId: pipelineId(), role: 'king' }] }, '/contactRoles/0/role'],
  ['what follows from others', { expectedRevenue: USD(1) }, '/expectedRevenue'],
])('is refused: %s', async (_, fields, pointer) => {
  const problem = await problemOf(create(fields));
  expect(problem.status).toBe(400);
  expect(problem.errors).toMatchObject([{ pointer }]);
});

it.each([
  [
    'a stage that counts as closed',
    { stages: [{ name: 'A', probability: 1, forecastCategory: 'closed' }] },
    '/stages/0/forecastCategory',
  ],
  [
    'stale before a day is over',
    { stages: [{ name: 'A', probability: 1, staleAfterDays: 0 }] },
    '/stages/0/staleAfterDays',
  ],
  [
    'a field that none requires',
    { stages: [{ name: 'A', probability: 1, requires: { fields: ['id'] } }] },
    '/stages/0/requires/fields/0',
  ],
  ['one reason twice', { stages: [{ name: 'A', probability: 1 }], lostReasons: ['Price', 'price'] }, '/lostReasons/1'],
])('a pipeline is refused: %s', async (_, fields, pointer) => {
  const problem = await problemOf(api.post('/v1/pipelines', { name: 'P', ...fields }));
  expect(problem.status).toBe(400);
  expect(problem.errors).toMatchObject([{ pointer }]);
});

function pipelineId(): string {
  return '01940000-0000-7000-8000-000000000001';
}
