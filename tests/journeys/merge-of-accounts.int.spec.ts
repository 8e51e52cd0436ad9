import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, Import, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const create = (account: object): Promise<Fields> => api.post('/v1/accounts', account);
const read = (id: string, query = ''): Promise<Fields> => api.get(`/v1/accounts/${id}${query}`);
const merge = (id: string, otherId: string, asked: object = {}, by = api): Promise<Fields> =>
  by.post(`/v1/accounts/${id}:merge`, { otherId, ...asked });
const unmerge = (id: string, otherId: string, asked: object = {}): Promise<Fields> =>
  api.post(`/v1/accounts/${id}:unmerge`, { otherId, ...asked });
const found = async (list: string, filter: string): Promise<readonly string[]> => {
  const { data } = await api.get<List<Fields>>(`/v1/${list}?filter=${encodeURIComponent(filter)}`);
  return data.map(({ id }) => id).sort();
};
const said = ({ info: _, id: __, mergedIds: ___, ...fields }: Fields): Fields => fields as Fields;
const ids = (...records: readonly Fields[]): readonly string[] => records.map(({ id }) => id).sort();

const ACME = { name: 'Acme', sector: 'technology', tags: ['key'] };
const ACME_CORP = { name: 'ACME Corp.', location: 'Arlington', externalId: 'A-2', tags: ['old'], employees: 12 };

describe('two accounts of one company', () => {
  let [acme, corp, child, person, deal, call] = [] as unknown as Fields[];
  beforeAll(async () => {
    [acme, corp] = [await create(ACME), await create(ACME_CORP)];
    child = await create({ name: 'Acme Shipping', parentId: corp.id });
    person = await api.post('/v1/contacts', { lastName: 'Lovelace', accountId: corp.id });
    const pipeline = await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'Open', probability: 10 }] });
    const sell = (name: string, accountId: string) =>
      api.post('/v1/opportunities', { name, pipelineId: pipeline.id, accountId });
    deal = await sell('Looms', corp.id);
    const other = await sell('Engines', acme.id);
    for (const { id } of [deal, other])
      await api.post(`/v1/opportunities/${id}:win`, { amount: { minor: 100, currency: 'USD' } });
    call = await api.post('/v1/activities', {
      kind: 'note',
      text: 'Moved',
      related: [{ kind: 'account', id: corp.id }],
    });
  });

  it('can be looked at as one before they are, and nothing is changed by that', async () => {
    const asked = { otherId: corp!.id, fields: { employees: 'this' }, account: { website: 'https://acme.example' } };
    const preview = await api.post<Fields>(`/v1/accounts/${acme!.id}:previewMerge`, asked);
    expect(preview['account']).toMatchObject({
      ...{ name: 'Acme', location: 'Arlington', website: 'https://acme.example', tags: ['key', 'old'] },
    });
    expect(preview['account']).not.toHaveProperty('employees');
    expect(preview['fields']).toContainEqual({ field: 'name', this: 'Acme', other: 'ACME Corp.', becomes: 'Acme' });
    expect(said(await read(corp!.id))).toEqual(said(corp!));
  });

  it('become one, with a choice for each field, under both ids', async () => {
    expect(await merge(acme!.id, corp!.id, { fields: { name: 'other' } })).toMatchObject({
      ...{ id: acme!.id, name: 'ACME Corp.', sector: 'technology', location: 'Arlington', mergedIds: [corp!.id] },
    });
    expect(await read(corp!.id)).toEqual(await read(acme!.id));
    expect(await found('accounts', `id = "${corp!.id}"`)).toEqual([acme!.id]);
    const history = await api.get<List<Fields>>(`/v1/accounts/${corp!.id}/history`);
    expect(history.data.map(({ type }) => type)).toEqual([
      ...['AccountMerged', 'AccountMergedInto', 'AccountCreated', 'AccountCreated'],
    ]);
    const before = String((corp!['info'] as Fields)['createdAt']);
    expect(await read(corp!.id, `?asOf=${before}`)).toMatchObject({ id: corp!.id, name: 'ACME Corp.' });
  });

  it('have the people, deals, activities and children of both, by either id', async () => {
    for (const { id } of [acme!, corp!]) {
      expect(await found('contacts', `accountId = "${id}"`)).toEqual([person!.id]);
      expect(await found('accounts', `parentId = "${id}"`)).toEqual([child!.id]);
      expect(await found('activities', `accountIds = "${id}"`)).toEqual([call!.id]);
      const deals = await eventually(
        () => found('opportunities', `accountId = "${id}"`),
        ({ length }) => length === 2,
      );
      expect(deals).toContain(deal!.id);
      const told = await eventually(
        () => api.get<List<Fields>>(`/v1/accounts/${id}/timeline`),
        ({ data }) => data.filter(({ type }) => type === 'OpportunityWon').length === 2,
      );
      expect(told.data.map(({ type, kind }) => type ?? kind)).toEqual(
        expect.arrayContaining(['AccountMerged', 'AccountMergedInto', 'ContactCreated', 'note']),
      );
    }
  });

  it('are called by one name in sales, and counted as one', async () => {
    const named = await eventually(
      () => api.get<Fields>(`/v1/opportunities/${deal!.id}`),
      ({ accountName }) => accountName === 'ACME Corp.',
    );
    expect(named['accountId']).toBe(corp!.id);
    await api.patch(`/v1/accounts/${acme!.id}`, { name: 'Acme Inc.' });
    const report = await eventually(
      () => api.get<List<Fields>>('/v1/reports/won?groupBy=account'),
      ({ data }) => (data[0]?.['key'] as readonly string[] | undefined)?.[0] === 'Acme Inc.',
    );
    expect(report.data).toMatchObject([{ key: ['Acme Inc.'], count: 2, amount: { minor: 200 } }]);
  });

  it('are meant by rows that name either, by key or by name', async () => {
    await Import.run(api, 'accounts', 'id,name,sector\nA-2,ACME Corp.,retail\n', { matchBy: 'externalId' });
    expect(await read(acme!.id)).toMatchObject({ name: 'Acme Inc.', sector: 'retail', externalId: 'A-2' });
    const people = await Import.run(api, 'contacts', 'last name,account\nKing,ACME Corp.\n');
    const [person] = await people.rows();
    expect(await api.get(`/v1/contacts/${person!.recordId}`)).toMatchObject({ accountId: acme!.id });
    const deals = await Import.run(api, 'opportunities', 'opportunity,account,deal_stage\nCards,ACME Corp.,Open\n');
    const [row] = await deals.rows();
    expect(await api.get(`/v1/opportunities/${row!.recordId}`)).toMatchObject({ accountId: acme!.id });
  });

  it('are what they were once they are split, each with what was changed of its own', async () => {
    await api.patch(`/v1/accounts/${acme!.id}`, { location: 'Berlin', phone: '+49 30 5550100' });
    const since = await api.post<Fields>('/v1/contacts', { lastName: 'Byron', accountId: acme!.id });
    const below = await create({ name: 'Acme Looms', parentId: corp!.id });
    const relations = { [`contact/${since.id}`]: 'other', [`account/${below.id}`]: 'this' };
    const asked = { otherId: corp!.id, fields: { phone: 'both' }, relations };
    const preview = await api.post<Fields>(`/v1/accounts/${acme!.id}:previewUnmerge`, asked);
    expect(preview['cameSince']).toEqual(
      expect.arrayContaining([
        { kind: 'contact', id: since.id, goesTo: 'other' },
        { kind: 'account', id: below.id, goesTo: 'this' },
      ]),
    );
    const split = await unmerge(acme!.id, corp!.id, asked);
    for (const side of ['account', 'other']) expect(said(split[side] as Fields)).toEqual(said(preview[side] as Fields));
    expect(said(await read(acme!.id))).toEqual({ ...ACME, sector: 'retail', phone: '+49 30 5550100', shares: [] });
    expect(said(await read(corp!.id))).toEqual({
      ...{ ...ACME_CORP, name: 'Acme Inc.', location: 'Berlin', phone: '+49 30 5550100', shares: [] },
    });
    expect(await found('contacts', `accountId = "${corp!.id}"`)).toEqual(ids(person!, since));
    expect(await found('accounts', `parentId = "${acme!.id}"`)).toEqual([below.id]);
    const deals = await eventually(
      () => found('opportunities', `accountId = "${corp!.id}"`),
      ({ length }) => length === 1,
    );
    expect(deals).toEqual([deal!.id]);
    expect(await api.get(`/v1/opportunities/${deal!.id}`)).toMatchObject({ accountName: 'Acme Inc.' });
  });

  it('can be merged the other way round, and that be undone', async () => {
    await merge(corp!.id, acme!.id);
    const { data } = await api.get<List<Fields>>(`/v1/accounts/${corp!.id}/history`);
    const merged = data.find(({ type }) => type === 'AccountMerged')!;
    const undone = await api.post(`/v1/accounts/${corp!.id}:undo`, { eventId: merged['eventId'] });
    expect(undone).toMatchObject({ mergedIds: [] });
    expect(await read(acme!.id)).toMatchObject({ id: acme!.id, name: 'Acme', info: { archived: false } });
  });
});

describe('accounts of which one stands under the other', () => {
  const under = (name: string, { id }: Fields): Promise<Fields> => create({ name, parentId: id });
  let [top, parent, middle, child] = [] as unknown as Fields[];
  beforeEach(async () => {
    top = await create({ name: 'Top' });
    parent = await under('Parent', top);
    middle = await under('Middle', parent);
    child = await under('Child', middle);
  });

  it('stand where the parent stood, whichever of them remains', async () => {
    expect(await merge(parent!.id, child!.id)).toMatchObject({ parentId: top!.id });
    await unmerge(parent!.id, child!.id);
    expect(await read(child!.id)).toMatchObject({ parentId: middle!.id });
    expect(await merge(child!.id, parent!.id)).toMatchObject({ parentId: top!.id });
    expect(await found('accounts', `parentId = "${child!.id}"`)).toEqual([middle!.id]);
    await unmerge(child!.id, parent!.id);
    expect(await read(child!.id)).toMatchObject({ parentId: middle!.id });
    expect(await merge(child!.id, top!.id)).not.toHaveProperty('parentId');
  });

  it('do not take a blank from one that stands under them', async () => {
    expect(await merge(top!.id, middle!.id)).not.toHaveProperty('parentId');
    expect(await found('accounts', `parentId = "${middle!.id}"`)).toEqual(ids(parent!, child!));
  });

  it('are refused a choice by which they would stand under themselves', async () => {
    const refused = { status: 400, code: 'under-itself' };
    expect(await problemOf(merge(parent!.id, child!.id, { fields: { parentId: 'other' } }))).toMatchObject(refused);
    const given = { account: { parentId: middle!.id } };
    expect(await problemOf(merge(parent!.id, child!.id, given))).toMatchObject(refused);
    await merge(parent!.id, child!.id);
    for (const parentId of [child!.id, middle!.id])
      expect(await problemOf(api.patch(`/v1/accounts/${parent!.id}`, { parentId }))).toMatchObject(refused);
  });

  it('are not split while one of them would stand under itself', async () => {
    const [a, b] = [await create({ name: 'A' }), await under('B', middle!)];
    await merge(a.id, b.id, { fields: { parentId: 'this' } });
    await api.patch(`/v1/accounts/${middle!.id}`, { parentId: b.id });
    const refused = { status: 409, code: 'under-itself' };
    expect(await problemOf(unmerge(a.id, b.id))).toMatchObject(refused);
    const preview = api.post(`/v1/accounts/${a.id}:previewUnmerge`, { otherId: b.id });
    expect(await problemOf(preview)).toMatchObject(refused);
    await api.patch(`/v1/accounts/${middle!.id}`, { parentId: null });
    await unmerge(a.id, b.id);
    expect(await read(b.id)).toMatchObject({ parentId: middle!.id });
  });
});

describe('a merge of accounts', () => {
  let [one, other] = [] as unknown as Fields[];
  beforeAll(async () => {
    [one, other] = [await create({ name: 'One' }), await create({ name: 'Other' })];
  });

  it.each([
    [{ otherId: '00000000-0000-7000-8000-000000000001' }, 404, 'account-not-found'],
    [{}, 400, 'invalid-request'],
    [{ fields: { sector: 'mine' } }, 400, 'bad-choice'],
    [{ fields: { sektor: 'this' } }, 400, 'unknown-field'],
    [{ fields: { sector: 'this' }, account: { sector: 'x' } }, 400, 'chosen-twice'],
    [{ account: { name: ' ' } }, 400, 'name-missing'],
    [{ account: { employees: -1 } }, 400, 'invalid-request'],
  ])('is refused of %j', async (asked, status, code) => {
    const body = 'otherId' in asked || Object.keys(asked).length === 0 ? asked : { otherId: other!.id, ...asked };
    expect(await problemOf(api.post(`/v1/accounts/${one!.id}:merge`, body))).toMatchObject({ status, code });
  });

  it('is refused of one with itself, of what is archived and of what is a part of another', async () => {
    expect(await problemOf(merge(one!.id, one!.id))).toMatchObject({ status: 400, code: 'one-record' });
    const archived = await create({ name: 'Archived' });
    await api.post(`/v1/accounts/${archived.id}:archive`);
    expect(await problemOf(merge(one!.id, archived.id))).toMatchObject({ code: 'account-archived' });
    const third = await create({ name: 'Third' });
    await merge(other!.id, third.id);
    expect(await problemOf(merge(one!.id, third.id))).toMatchObject({ status: 409, code: 'merged' });
    expect(await problemOf(api.patch(`/v1/accounts/${third.id}`, { name: 'x' }))).toMatchObject({ code: 'merged' });
    expect(await problemOf(unmerge(one!.id, third.id))).toMatchObject({ status: 404, code: 'not-merged' });
    await merge(one!.id, other!.id);
    expect(await read(third.id)).toMatchObject({ id: one!.id, mergedIds: [other!.id, third.id] });
    await unmerge(one!.id, other!.id);
    expect(await read(third.id)).toMatchObject({ id: other!.id });
  });

  it('is for whoever may change both', async () => {
    const viewer = await api.clientFor(['viewer']);
    expect(await problemOf(merge(one!.id, other!.id, {}, viewer))).toMatchObject({ status: 403 });
    const elsewhere = await api.clientFor(['administrator'], 'elsewhere');
    expect(await problemOf(merge(one!.id, other!.id, {}, elsewhere))).toMatchObject({ status: 404 });
  });
});
