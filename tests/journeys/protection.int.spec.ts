import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const person = (fields: object): Promise<Fields> => api.post('/v1/contacts', fields);
const found = async (filter: string): Promise<readonly Fields[]> =>
  (await api.get<List<Fields>>(`/v1/contacts?filter=${encodeURIComponent(filter)}`)).data;

describe('a legal hold', () => {
  it('stands above an erasure, which says so and erases nothing', async () => {
    const { id } = await person({ lastName: 'Byron' });
    expect(await api.post(`/v1/contacts/${id}:hold`, { reason: 'Case 17' })).toMatchObject({ hold: 'Case 17' });
    expect(await problemOf(api.post(`/v1/contacts/${id}:erase`))).toMatchObject({ status: 409, code: 'on-hold' });
    expect(await api.get(`/v1/contacts/${id}`)).toMatchObject({ lastName: 'Byron', hold: 'Case 17', erased: false });
    await api.post(`/v1/contacts/${id}:release`);
    expect(await api.post(`/v1/contacts/${id}:erase`)).toMatchObject({ state: 'done' });
  });

  it('is for privacy officers, and in the audit trail', async () => {
    const { id } = await person({ lastName: 'Milbanke' });
    const manager = await api.clientFor(['manager']);
    expect(await problemOf(manager.post(`/v1/contacts/${id}:hold`, { reason: 'x' }))).toMatchObject({ status: 403 });
    const officer = await api.clientFor(['privacy-officer']);
    await officer.post(`/v1/contacts/${id}:hold`, { reason: 'Case 18' });
    const filter = encodeURIComponent(`recordIds: "${id}"`);
    await officer.get(`/v1/contacts/${id}`);
    await officer.get('/v1/contacts');
    const { data } = await api.get<List<Fields>>(`/v1/audit/contacts/entries?filter=${filter}`);
    expect(data).toMatchObject([
      { what: 'RecordsRead', method: 'list', object: 'contact' },
      { what: 'RecordsRead', method: 'get', object: 'contact' },
      { what: 'ContactHoldPlaced', object: 'contact', actor: { kind: 'apiKey' } },
    ]);
  });
});

describe('a restriction of processing', () => {
  let id: string;
  beforeAll(async () => {
    ({ id } = await person({ firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org', tags: ['vip'] }));
    await api.post(`/v1/contacts/${id}:restrict`, { reason: 'Says that it is wrong' });
  });

  it('keeps the record from everybody who would change it', async () => {
    for (const call of [
      () => api.patch(`/v1/contacts/${id}`, { lastName: 'Byron' }),
      () => api.delete(`/v1/contacts/${id}`),
    ])
      expect(await problemOf(call())).toMatchObject({ status: 409, code: 'processing-restricted' });
    const { data } = await api.post<{ data: { status: number }[] }>('/v1/contacts:batch', {
      rows: [{ update: { id, contact: { lastName: 'Byron' } } }],
    });
    expect(data).toMatchObject([{ status: 409 }]);
  });

  it('shows and finds nothing personal of it, now or in the past', async () => {
    expect(await found('lastName = "Lovelace"')).toEqual([]);
    expect(await found('email = "ada@example.org"')).toEqual([]);
    const shown = await api.get(`/v1/contacts/${id}`);
    expect(shown).toMatchObject({ tags: ['vip'], restriction: 'Says that it is wrong' });
    expect(shown).not.toHaveProperty('lastName');
    for (const rest of ['/history', '?asOf=2030-01-01'])
      expect(await problemOf(api.get(`/v1/contacts/${id}${rest}`))).toMatchObject({ code: 'processing-restricted' });
  });

  it('is no restriction for who asks what is held about the person, and for the erasure', async () => {
    const { data } = await api.get<{ data: Fields[] } & Fields>(`/v1/people/${id}`);
    expect(data).toMatchObject([{ fields: { aside: { lastName: 'Lovelace' }, restriction: 'Says that it is wrong' } }]);
  });

  it('leaves everything as it was once it is lifted', async () => {
    await api.post(`/v1/contacts/${id}:unrestrict`);
    expect(await found('email = "ada@example.org"')).toMatchObject([{ id, firstName: 'Ada', lastName: 'Lovelace' }]);
    await api.patch(`/v1/contacts/${id}`, { lastName: 'Byron' });
    await api.post(`/v1/contacts/${id}:restrict`, { reason: 'again' });
    expect(await api.post(`/v1/contacts/${id}:erase`)).toMatchObject({ state: 'done' });
    expect(await api.get(`/v1/contacts/${id}`)).toMatchObject({ erased: true });
  });
});
