import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

interface Place {
  readonly context: string;
  readonly object: string;
  readonly id: string;
  readonly purpose: string;
  readonly fields?: Fields;
  readonly facts: readonly { readonly type: string; readonly recordedAt: string; readonly data: Fields }[];
  readonly erased: boolean;
}

const held = async (id: string, rest = '', by: Api = api): Promise<readonly Place[]> =>
  (await by.get<{ data: Place[] } & Fields>(`/v1/people/${id}${rest}`)).data;

describe('what is held about a person', () => {
  let id: string;

  beforeAll(async () => {
    ({ id } = await api.post('/v1/contacts', { firstName: 'Ada', lastName: 'Byron', email: 'ada@example.org' }));
    await api.patch(`/v1/contacts/${id}`, { lastName: 'Lovelace' });
    await api.post('/v1/contacts', { lastName: 'Babbage' });
  });

  it('is told place by place, with what for, and fact by fact', async () => {
    const places = await held(id);
    expect(places).toMatchObject([
      {
        ...{ context: 'contacts', object: 'contact', id, erased: false },
        purpose: 'To deal with this person, for the company or as a customer',
        fields: { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org' },
        facts: [
          { type: 'ContactCreated', data: { lastName: 'Byron' }, actor: { kind: 'apiKey' } },
          { type: 'ContactEdited', data: { set: { lastName: 'Lovelace' } } },
        ],
      },
    ]);
    expect(JSON.stringify(places)).not.toContain('Babbage');
  });

  it('is told as of any moment', async () => {
    const [{ facts }] = (await held(id)) as [Place];
    const asOf = encodeURIComponent(facts[0]!.recordedAt);
    expect(await held(id, `?asOf=${asOf}`)).toMatchObject([{ fields: { lastName: 'Byron' }, facts: [{}] }]);
    expect(await problemOf(held(id, '?asOf=2020-01-01'))).toMatchObject({ code: 'nobody-known' });
  });

  it('names every context that knows the person, of a user also where they came from', async () => {
    const user = await api.post('/v1/users', { name: 'Grace Hopper', email: 'grace@example.org' });
    const { url } = await api.post<{ url: string }>(`/v1/users/${user.id}:invite`);
    await fetch(`${api.address}/v1/passwords`, {
      method: 'POST',
      headers: { origin: api.address, 'content-type': 'application/json' },
      body: JSON.stringify({ link: url.slice(url.indexOf('#') + 1), password: 'nanoseconds of wire' }),
    });
    const places = await held(user.id);
    expect(places.map(({ object }) => object)).toEqual(['user', 'signIn', 'session', 'auditEntry']);
    expect(places.at(-1)!.facts.map(({ data }) => data['address'])).toEqual([expect.stringMatching(/127\.0\.0\.1$/)]);
  });

  it('is a ZIP to be taken along, which the audit trail tells', async () => {
    const response = await api.fetch('GET', `/v1/people/${id}/export.zip`);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toContain(`person-${id}.zip`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    for (const name of ['person.json', 'places.csv', 'facts.csv']) expect(bytes.includes(name)).toBe(true);
    const filter = encodeURIComponent(`what = "DataTakenAlong" AND recordIds: "${id}"`);
    const { data } = await api.get<List<Fields>>(`/v1/audit/identity/entries?filter=${filter}`);
    expect(data).toMatchObject([{ method: 'rapport.privacy.v1.PeopleService/ExportPerson', recordIds: [id] }]);
  });

  it('is for privacy officers and administrators alone', async () => {
    for (const role of ['manager', 'viewer', 'analyst']) {
      const other = await api.clientFor([role]);
      expect(await problemOf(held(id, '', other))).toMatchObject({ code: 'permission-missing' });
    }
  });

  it('is nothing readable any more after an erasure, in any context', async () => {
    await api.post(`/v1/contacts/${id}:erase`);
    const places = await held(id);
    expect(places).toMatchObject([{ erased: true }]);
    for (const name of ['Ada', 'Byron', 'Lovelace']) expect(JSON.stringify(places)).not.toContain(name);
  });
});
