import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, type List, problemOf, ProblemError, Rapport } from './support/index.js';

interface Change {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}
interface Entry extends Fields {
  readonly eventId: string;
  readonly type: string;
  readonly changes: readonly Change[];
}

let rapport: Rapport;
let api: Api;
let pipelineId: string;

beforeAll(async () => {
  rapport = await Rapport.start();
  api = rapport.api;
  const stages = [
    { name: 'Prospecting', probability: 10 },
    { name: 'Engaging', probability: 50 },
  ];
  ({ id: pipelineId } = await api.post('/v1/pipelines', { name: 'Hardware sales', currency: 'USD', stages }));
});
afterAll(() => rapport.stop());

const historyOf = async (path: string): Promise<readonly Entry[]> =>
  (await api.get<List<Entry>>(`${path}/history`)).data;
/** Everything about a record but its revision and times. */
const content = ({ info, ...fields }: Fields): object => ({
  ...fields,
  archived: (info as { archived: boolean }).archived,
});

/** Takes the last change back and sees that the record is what it was before. */
const undone = async (path: string, before: Fields): Promise<void> => {
  const history = await historyOf(path);
  const { eventId, type } = history[0]!;
  const after = await api.post<Fields>(`${path}:undo`, { eventId });
  expect({ type, ...content(after) }).toEqual({ type, ...content(before) });
  const longer = await historyOf(path);
  expect(longer).toHaveLength(history.length + 1);
  expect(longer[0]!.type).toMatch(/ChangeUndone$/);
  expect(longer.slice(1)).toEqual(history);
};

describe.each([
  ['contacts', { firstName: 'Ada', email: 'ada@example.org', tags: ['vip'] }, { firstName: 'Augusta', email: null }],
  ['accounts', { name: 'Acme', revenue: { minor: 5, currency: 'USD' } }, { name: 'Acme Corporation', revenue: null }],
])('%s', (list, fields, change) => {
  it('are created, edited, archived and restored, and every change can be undone', async () => {
    const { status, headers, body: created } = await api.send('POST', `/v1/${list}`, { body: fields });
    const path = `/v1/${list}/${created.id}`;
    expect([status, headers.get('location'), headers.get('etag')]).toEqual([201, path, '"0"']);
    expect(created).toMatchObject({ ...fields, info: { revision: 0, archived: false } });
    expect(await api.get(path)).toEqual(created);

    const { body: edited, headers: answered } = await api.send('PATCH', path, { body: change });
    const [[key, renewed], [emptied]] = Object.entries<unknown>(change) as [[string, unknown], [string]];
    const [first, second] = Object.values<unknown>(fields);
    expect(edited).toMatchObject({ [key]: renewed, info: { revision: 1 } });
    expect(edited).not.toHaveProperty(emptied);
    expect((await historyOf(path))[0]).toMatchObject({
      type: expect.stringMatching(/Edited$/),
      actor: { kind: 'apiKey' },
      correlationId: answered.get('x-correlation-id'),
      changes: expect.arrayContaining([
        { field: key, from: first, to: renewed },
        { field: emptied, from: second, to: null },
      ]),
    });
    await undone(path, created);

    const archived = await api.delete(path);
    expect(archived).toMatchObject({ info: { archived: true } });
    const ids = async (query = ''): Promise<unknown[]> =>
      (await api.get<List<Fields>>(`/v1/${list}${query}`)).data.map(({ id }) => id);
    expect(await ids()).not.toContain(created.id);
    expect(await ids('?archived=true')).toContain(created.id);
    expect(await problemOf(api.patch(path, change))).toMatchObject({ status: 409 });
    await undone(path, created);
    await api.post(`${path}:archive`);
    const restored = await api.post(`${path}:restore`);
    expect(content(restored)).toEqual(content(created));
    expect(await ids()).toContain(created.id);
    await undone(path, archived);
    const [{ eventId }] = (await historyOf(path)).slice(-1) as [Entry];
    await api.post(`${path}:restore`);
    expect(await api.post(`${path}:undo`, { eventId })).toMatchObject({ info: { archived: true } });
  });
});

describe('opportunities', () => {
  const open = (fields: object = {}): Promise<Fields> =>
    api.post('/v1/opportunities', {
      name: 'Racks',
      amount: { minor: 105_400, currency: 'USD' },
      pipelineId,
      ...fields,
    });

  it('are moved, won, lost with a reason and reopened, and every change can be undone', async () => {
    const created = await open();
    const path = `/v1/opportunities/${created.id}`;
    expect(created).toMatchObject({ stage: 'Prospecting', status: 'open', probability: 10, info: { revision: 0 } });
    const edited = await api.patch(path, { nextStep: 'Call', expectedCloseOn: '2030-01-31' });
    await undone(path, created);
    const moved = await api.post(`${path}:move`, { stage: 'Engaging' });
    expect(moved).toMatchObject({ stage: 'Engaging', probability: 50, status: 'open' });
    await undone(path, created);
    await api.post(`${path}:move`, { stage: 'Engaging', probability: 75 });
    const engaged = await api.patch(path, { nextStep: 'Call', expectedCloseOn: '2030-01-31' });
    expect(engaged).toMatchObject({ nextStep: edited['nextStep'], probability: 75 });

    const today = new Date().toISOString().slice(0, 10);
    const won = await api.post(`${path}:win`, { amount: { minor: 100_000, currency: 'USD' } });
    expect(won).toMatchObject({ stage: 'Won', status: 'won', closedOn: today, amount: { minor: 100_000 } });
    expect(await problemOf(api.post(`${path}:move`, { stage: 'Engaging' }))).toMatchObject({ status: 409 });
    await undone(path, engaged);
    const lost = await api.post(`${path}:lose`, { reason: 'Price', notes: 'Half of ours' });
    expect(lost).toMatchObject({ stage: 'Lost', status: 'lost', lostReason: 'Price', lostNotes: 'Half of ours' });
    const reopened = await api.post(`${path}:reopen`);
    expect(reopened).toMatchObject({ stage: 'Engaging', status: 'open' });
    expect(reopened).not.toHaveProperty('closedOn');
    await undone(path, lost);
    await undone(path, reopened);
    await api.post(`${path}:lose`, { reason: 'Price' });
    expect(await api.post(`${path}:reopen`, { stage: 'Prospecting' })).toMatchObject({ stage: 'Prospecting' });
    await api.delete(path);
    expect(await api.post(`${path}:restore`)).toMatchObject({ info: { archived: false } });
    expect((await historyOf(path)).map(({ type }) => type).reverse()).toEqual([
      ...['OpportunityCreated', 'OpportunityEdited', 'OpportunityChangeUndone', 'OpportunityMoved'],
      ...['OpportunityChangeUndone', 'OpportunityMoved', 'OpportunityEdited', 'OpportunityWon'],
      ...['OpportunityChangeUndone', 'OpportunityLost', 'OpportunityReopened', 'OpportunityChangeUndone'],
      ...['OpportunityChangeUndone', 'OpportunityLost', 'OpportunityReopened', 'OpportunityArchived'],
      'OpportunityRestored',
    ]);
  });

  it('keep what was changed again later, or say so', async () => {
    const { id } = await open({ nextStep: 'Write' });
    const path = `/v1/opportunities/${id}`;
    await api.patch(path, { nextStep: 'Call', description: 'Big' });
    const [{ eventId }] = (await historyOf(path)) as [Entry];
    await api.patch(path, { nextStep: 'Visit' });
    expect(await problemOf(api.post(`${path}:undo`, { eventId }))).toMatchObject({
      ...{ status: 409, code: 'changed-again-later' },
      detail: expect.stringContaining('nextStep'),
    });
    const kept = await api.post(`${path}:undo`, { eventId, laterChanges: 'keep' });
    expect([kept['nextStep'], kept['description']]).toEqual(['Visit', undefined]);
  });

  it('stand in several pipelines, each with its own stages and chances', async () => {
    const stages = [
      { name: 'Renewal due', probability: 80 },
      { name: 'Offered', probability: 90 },
    ];
    const renewals = await api.post('/v1/pipelines', { name: 'Renewals', currency: 'EUR', stages });
    const { id } = await open({ pipelineId: renewals.id, amount: { minor: 1_000, currency: 'EUR' } });
    const path = `/v1/opportunities/${id}`;
    expect(await api.get(path)).toMatchObject({ stage: 'Renewal due', probability: 80 });
    expect(await problemOf(api.post(`${path}:move`, { stage: 'Engaging' }))).toMatchObject({ status: 400 });
    const board = (pipeline: string): Promise<{ columns: readonly Fields[] }> =>
      api.get(`/v1/pipelines/${pipeline}/board`);
    const [amount, weighted] = [1_000, 800].map((minor) => ({ minor, currency: 'EUR' }));
    expect((await board(renewals.id)).columns).toMatchObject([
      { stage: 'Renewal due', count: 1, amounts: [{ amount, weighted }] },
      ...['Offered', 'Won', 'Lost'].map((stage) => ({ stage, count: 0, amounts: [] })),
    ]);
    const there = (await board(pipelineId)).columns.find(({ stage }) => stage === 'Engaging')!['count'] as number;
    await api.post(`${path}:move`, { pipelineId, stage: 'Engaging' });
    expect((await board(renewals.id)).columns.map(({ count }) => count)).toEqual([0, 0, 0, 0]);
    const here = (await board(pipelineId)).columns.find(({ stage }) => stage === 'Engaging')!;
    expect(here['count']).toBe(there + 1);
  });

  it('add up to what they are, beyond what a number says exactly, too', async () => {
    const stages = [{ name: 'Talk', probability: 50 }];
    const large = await api.post('/v1/pipelines', { name: 'Large', stages });
    const amount = { minor: Number.MAX_SAFE_INTEGER, currency: 'ISK' };
    const [one] = [await open({ pipelineId: large.id, amount }), await open({ pipelineId: large.id, amount })];
    const sum = { currency: 'ISK', largeMinor: '18014398509481982' };
    const columns = async (): Promise<readonly Fields[]> =>
      (await api.get<{ columns: readonly Fields[] }>(`/v1/pipelines/${large.id}/board`)).columns;
    expect((await columns())[0]!['amounts']).toEqual([
      { amount: sum, weighted: { currency: 'ISK', largeMinor: '9007199254740992' } },
    ]);
    const tooLarge = { amount: { ...amount, minor: amount.minor + 1 } };
    expect(await problemOf(api.patch(`/v1/opportunities/${one.id}`, tooLarge))).toMatchObject({ status: 400 });
    for (const { id } of (await api.get<List<Fields>>(`/v1/opportunities?filter=pipelineId = "${large.id}"`)).data)
      await api.post(`/v1/opportunities/${id}:win`, {});
    expect((await columns())[1]!['amounts']).toEqual([{ amount: sum, weighted: sum }]);
    const { data } = await api.get<List<Fields>>(`/v1/reports/won?groupBy=pipeline&pipelineId=${large.id}`);
    expect(data).toEqual([{ key: ['Large'], ids: [large.id], count: 2, amount: sum }]);
    expect(await api.get(`/v1/reports/outcomes?pipelineId=${large.id}`)).toMatchObject({ wonAmounts: [sum] });
  });

  it('stay where they are when their stage gets another name', async () => {
    const stages = [{ name: 'Talk', probability: 10 }];
    const talks = await api.post('/v1/pipelines', { name: 'Talks', stages });
    const [{ id: stageId }] = talks['stages'] as [Fields];
    const path = `/v1/opportunities/${(await open({ pipelineId: talks.id, stage: 'Talk' })).id}`;
    const named = (...names: readonly string[]) =>
      names.map((name, n) => ({ name, probability: 10, ...(n === 0 ? { id: stageId } : {}) }));
    await api.patch(`/v1/pipelines/${talks.id}`, { stages: named('In talks') });
    expect(await api.get(path)).toMatchObject({ stage: 'In talks', stageId, info: { revision: 0 } });
    const filter = encodeURIComponent('stage = "In talks"');
    expect(await api.get(`/v1/opportunities?filter=${filter}`)).toMatchObject({ data: [{ stageId }] });
    const twins = api.patch(`/v1/pipelines/${talks.id}`, { stages: named('In talks', 'in  talks ') });
    expect(await problemOf(twins)).toMatchObject({ code: 'stage-repeated', errors: [{ pointer: '/stages/1/name' }] });
    expect(await api.post(`${path}:win`)).toMatchObject({ stage: 'Won' });
  });

  it('say what they refuse and which field it is about', async () => {
    const { id } = await open();
    const path = `/v1/opportunities/${id}`;
    const refused = async (call: Promise<unknown>): Promise<unknown> => {
      const { status, errors } = await problemOf(call);
      return [status, errors?.map(({ pointer }) => pointer)];
    };
    expect(await refused(open({ nmae: 'x' }))).toEqual([400, ['/nmae']]);
    expect(await refused(open({ name: 5 }))).toEqual([400, ['/name']]);
    expect(await refused(open({ name: '' }))).toEqual([400, ['/name']]);
    expect(await refused(open({ name: '\u200B\u3164' }))).toEqual([400, ['/name']]);
    expect(await refused(open({ tags: ['a', 'b\uD83D'] }))).toEqual([400, ['/tags/1']]);
    expect(await refused(open({ description: 'a\0' }))).toEqual([400, ['/description']]);
    expect(await refused(open({ amount: { minor: 1.5, currency: 'USD' } }))).toEqual([400, ['/amount/minor']]);
    expect(await refused(open({ amount: { minor: 1, currency: 'dollars' } }))).toEqual([400, ['/amount/currency']]);
    expect(await refused(open({ probability: 101 }))).toEqual([400, ['/probability']]);
    expect(await refused(open({ expectedCloseOn: '2017-02-30' }))).toEqual([400, ['/expectedCloseOn']]);
    expect(await refused(open({ accountId: 'acme' }))).toEqual([400, ['/accountId']]);
    expect(await refused(open({ stage: 'Dreaming' }))).toEqual([400, ['/stage']]);
    expect(await refused(open({ status: 'won' }))).toEqual([400, ['/status']]);
    expect(await refused(api.post(`${path}:lose`, {}))).toEqual([400, ['/reason']]);
    expect(await refused(api.post(`${path}:win`, { closedOn: 'tomorrow' }))).toEqual([400, ['/closedOn']]);
    expect(await refused(api.get('/v1/opportunities?limit=1000'))).toEqual([400, ['/limit']]);
    expect(await refused(api.get('/v1/opportunities?filter=stage ~ 3'))).toEqual([400, ['/filter']]);
    expect(await refused(api.get('/v1/opportunities?sort=colour'))).toEqual([400, ['/sort']]);
    expect(await refused(api.get(`${path.slice(0, -1)}x`))).toEqual([400, ['/id']]);
    expect(await refused(api.get('/v1/opportunities/01890000-0000-7000-8000-000000000000'))).toEqual([404, undefined]);
    expect((await api.get<Fields>(path))['info']).toMatchObject({ revision: 0 });
  });
});

describe('safe repetition', () => {
  it('refuses a change to what has changed since, and names the revision of now', async () => {
    const { id } = await api.post('/v1/accounts', { name: 'Acme' });
    const path = `/v1/accounts/${id}`;
    await api.patch(path, { sector: 'retail' }, { 'if-match': '"0"' });
    const late = api.patch(path, { sector: 'mining' }, { 'if-match': '"0"' });
    const error = (await late.catch((refusal: unknown) => refusal)) as ProblemError;
    expect(error.problem).toMatchObject({ status: 412, currentRevision: 1 });
    expect(error.headers.get('content-type')).toContain('application/problem+json');
    const { headers } = await api.send('GET', path);
    expect(headers.get('etag')).toBe('"1"');
    await api.patch(path, { sector: 'mining' }, { 'if-match': headers.get('etag')! });
    expect((await api.fetch('GET', path, { headers: { 'if-none-match': '"2"' } })).status).toBe(304);
  });

  it('does a thing once for one Idempotency-Key, also when asked at the same time', async () => {
    const key = { 'idempotency-key': 'one-and-only' };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.post('/v1/accounts', { name: 'Once', tags: ['once'] }, key)),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect((await api.get<List<Fields>>('/v1/accounts?filter=name = "Once"')).data).toHaveLength(1);
    const { id } = answers[0]!;
    expect(await api.post('/v1/accounts', { name: 'Once', tags: ['once'] }, key)).toEqual(answers[0]);
    const other = api.post('/v1/accounts', { name: 'Twice' }, key);
    expect(await problemOf(other)).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
    const edit = (): Promise<Fields> => api.patch(`/v1/accounts/${id}`, { sector: 'x' }, { 'idempotency-key': 'edit' });
    expect([await edit(), await edit()].map(({ info }) => (info as { revision: number }).revision)).toEqual([1, 1]);
  });

  it('takes batches and tells the outcome of every row', async () => {
    const { id } = await api.post('/v1/contacts', { lastName: 'Old' });
    const rows = [
      { clientRef: 'a', create: { lastName: 'New' } },
      { clientRef: 'b', create: { lastName: 'Bad', email: 'nobody' } },
      { clientRef: 'c', update: { id, contact: { lastName: 'Older' } } },
      { clientRef: 'd', archive: { id: '01890000-0000-7000-8000-000000000000' } },
      { clientRef: 'e', archive: { id } },
    ];
    const { status, body } = await api.send<List<Fields>>('POST', '/v1/contacts:batch', { body: { rows } });
    expect(status).toBe(207);
    expect(body.data.map(({ clientRef, status }) => [clientRef, status])).toEqual([
      ...[
        ['a', 201],
        ['b', 400],
        ['c', 200],
        ['d', 404],
        ['e', 200],
      ],
    ]);
    expect(body.data[1]).toMatchObject({ problem: { errors: [{ pointer: '/create/email' }] } });
    expect(await api.get(`/v1/contacts/${id}`)).toMatchObject({ lastName: 'Older', info: { archived: true } });
    const many = Array.from({ length: 201 }, () => ({ create: { lastName: 'Many' } }));
    expect(await problemOf(api.post('/v1/contacts:batch', { rows: many }))).toMatchObject({ status: 400 });
  });
});

describe('lists', () => {
  it('are filtered, sorted and walked page by page, also while others write', async () => {
    const sectors = ['retail', 'medical', 'software'];
    const rows = Array.from({ length: 60 }, (_, index) => ({
      create: { name: `Walk ${String(index).padStart(2, '0')}`, sector: sectors[index % 3], employees: index % 7 },
    }));
    await api.post('/v1/accounts:batch', { rows });
    const filter = 'name:"walk" AND sector != "retail"';
    const names: unknown[] = [];
    for await (const { name } of api.walk('/v1/accounts', { filter, sort: '-employees,name', limit: '7' })) {
      if (names.length % 7 === 0) await api.post('/v1/accounts', { name: 'Walk in', sector: 'retail' });
      names.push(name);
    }
    const expected = rows
      .map(({ create }) => create)
      .filter(({ sector }) => sector !== 'retail')
      .sort((one, other) => other.employees - one.employees || (one.name < other.name ? -1 : 1))
      .map(({ name }) => name);
    expect(names).toEqual(expected);
    const { page } = await api.get<List<Fields>>(
      `/v1/accounts?${new URLSearchParams({ filter, total: 'true' }).toString()}`,
    );
    expect(page.total).toBe(40);
  });
});
