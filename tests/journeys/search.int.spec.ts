import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, problemOf, Rapport } from './support/index.js';

interface Found {
  readonly data: readonly {
    readonly kind: string;
    readonly id: string;
    readonly title: string;
    readonly subtitle?: string;
    readonly fit: string;
    readonly matches: readonly { readonly field: string; readonly text: string }[];
    readonly archived: boolean;
  }[];
  readonly missing: readonly string[];
}

let rapport: Rapport;
let api: Api;

const search = (q: string, further = ''): Promise<Found> =>
  api.get<Found>(`/v1/search?q=${encodeURIComponent(q)}${further}`);
const titles = async (q: string, further = '') => (await search(q, further)).data.map(({ title }) => title);
const contact = (fields: object): Promise<Fields> => api.post('/v1/contacts', fields);

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  await contact({
    ...{ firstName: 'Łucja', lastName: 'Großmann', title: 'Head of Sales', email: 'l.grossmann@acme.example' },
    ...{ phone: '+49 30 1234567', externalId: 'C/77' },
  });
  await contact({ firstName: 'Ann', lastName: 'Smithson' });
  await contact({ firstName: 'Anna', lastName: 'Smith' });
  await contact({ firstName: 'Smith', lastName: 'Annable' });
  await api.post('/v1/accounts', { name: 'Smith & Annex', location: 'Leeds' });
  await api.post('/v1/products', { name: 'Annual plan' });
  const stages = [{ name: 'Open', probability: 10 }];
  const { id: pipelineId } = await api.post<Fields>('/v1/pipelines', { name: 'Sales', stages });
  await api.post('/v1/opportunities', { name: 'Annual order of Smith', pipelineId });
  await api.post('/v1/activities', { kind: 'task', subject: 'Call Smith about Annex' });
});
afterAll(() => rapport.stop());

describe('a search', () => {
  it('finds records of every kind, their words in any order, what is the same first and what begins so then', async () => {
    const { data, missing } = await search('smith ann');
    expect(missing).toEqual([]);
    expect(data.map(({ kind }) => kind).sort()).toEqual(
      ['account', 'activity', 'contact', 'contact', 'contact', 'opportunity'].sort(),
    );
    expect(new Set(data.map(({ fit }) => fit))).toEqual(new Set(['prefix']));
    const { data: exact } = await search('ann smithson');
    expect(exact[0]).toMatchObject({ kind: 'contact', title: 'Ann Smithson', fit: 'exact' });
    expect(exact[0]!.matches).toEqual([
      { field: 'firstName', text: 'Ann' },
      { field: 'lastName', text: 'Smithson' },
    ]);
  });

  it('has of equals what was changed last first', async () => {
    expect((await titles('smith', '&kinds=contact')).slice(0, 2)).toEqual(['Smith Annable', 'Anna Smith']);
  });

  it('is of the kinds that are named', async () => {
    expect(await titles('ann', '&kinds=product,opportunity')).toEqual(['Annual order of Smith', 'Annual plan']);
    expect(await titles('ann', '&kinds=product&kinds=account')).toEqual(['Annual plan', 'Smith & Annex']);
    expect(await titles('ann', '&limit=1')).toHaveLength(1);
  });

  it('forgives accents, case, and how letters are written that others lack', async () => {
    for (const q of ['lucja', 'ŁUCJA', 'grossmann', 'Großmann', 'GROSSMANN łucja'])
      expect(await titles(q)).toEqual(['Łucja Großmann']);
  });

  it('forgives a typing mistake in each word', async () => {
    for (const q of ['lucia', 'grosmann', 'grossmanm', 'gorssmann', 'lucia grosmann'])
      expect((await search(q)).data).toMatchObject([{ title: 'Łucja Großmann', fit: 'similar' }]);
    expect(await titles('luzha')).toEqual([]);
    expect(await titles('grozsmamn')).toEqual([]);
  });

  it('knows an address by its parts, a number by its digits, and a key exactly', async () => {
    for (const q of [
      'l.grossmann@acme.example',
      'l.gross',
      'acme',
      'acme.exam',
      '+49 30 123',
      '030 / 1234567',
      '1234567',
      'C/77',
    ])
      expect((await search(q, '&kinds=contact')).data).toMatchObject([
        { title: 'Łucja Großmann', subtitle: 'Head of Sales, l.grossmann@acme.example' },
      ]);
    expect(await titles('C/7')).toEqual([]);
    expect(await titles('34567 8')).toEqual([]);
  });

  it('has archived records only when they are asked for, and follows what changes', async () => {
    const { id } = await contact({ lastName: 'Quentin' });
    expect(await titles('quentin')).toEqual(['Quentin']);
    await api.patch(`/v1/contacts/${id}`, { lastName: 'Zacharias' });
    expect(await titles('quentin')).toEqual([]);
    await api.delete(`/v1/contacts/${id}`);
    expect(await titles('zach')).toEqual([]);
    expect((await search('zach', '&archived=true')).data).toMatchObject([{ title: 'Zacharias', archived: true }]);
  });

  it('leads to the survivor of two that were merged, and forgets who was erased', async () => {
    const one = await contact({ firstName: 'Vera', lastName: 'Molnar', email: 'vera@one.example' });
    const two = await contact({ firstName: 'Vera', lastName: 'Molnar', email: 'vera@two.example' });
    await api.post(`/v1/contacts/${one.id}:merge`, { otherId: two.id });
    const { data } = await search('vera@two.example', '&archived=true');
    expect(data).toMatchObject([{ id: one.id, matches: [{ field: 'otherEmails', text: 'vera@two.example' }] }]);
    await api.post(`/v1/contacts/${one.id}:erase`);
    expect((await search('molnar', '&archived=true')).data).toEqual([]);
  });

  it.each([
    ['', '', 'too-short'],
    ['%20', '', 'nothing-to-search'],
    ['!%3F%20-', '', 'nothing-to-search'],
    ['a', '', 'too-short'],
    ['x'.repeat(201), '', 'too-long'],
    ['a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k', '', 'too-many-words'],
    ['ann', '&kinds=boat', 'unknown-value'],
    ['ann', '&limit=0', 'too-small'],
    ['ann', '&limit=51', 'too-large'],
    ['ann', '&page=2', 'unknown-parameter'],
  ])('says what is wrong with what it cannot look for: %s%s', async (q, further, code) => {
    const problem = await problemOf(api.get(`/v1/search?q=${q}${further}`));
    expect(problem).toMatchObject({ status: 400 });
    expect([problem.code, ...(problem.errors ?? []).map((each) => each.code)]).toContain(code);
  });
});
