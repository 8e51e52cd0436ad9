import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, eventually, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const GRANT = {
  ...{ channel: 'email', topic: 'newsletter', purpose: 'marketing', state: 'granted', legalBasis: 'consent' },
  ...{ textVersion: '3', text: 'Yes, write to me about engines.', source: 'form' },
};
const person = async (email: string): Promise<string> =>
  (await api.post<Fields>('/v1/contacts', { lastName: 'Lovelace', email })).id;
const say = (said: object, by: Api = api): Promise<Fields> => by.post('/v1/consents', { ...GRANT, ...said });
const standings = async (query: string): Promise<readonly Fields[]> =>
  (await api.get<{ data: Fields[] } & Fields>(`/v1/consent-standings?${query}`)).data;

describe('the consent ledger', () => {
  let contactId: string;
  let granted: Fields;
  beforeAll(async () => {
    contactId = await person('ada@example.org');
    granted = await say({ contactId, address: 'ada@example.org', occurredAt: '2020-05-01T09:00:00Z' });
  });

  it('keeps what was said with its proof, and who recorded it when', async () => {
    expect(granted).toMatchObject({
      ...{ ...GRANT, contactId, address: 'ada@example.org', occurredAt: '2020-05-01T09:00:00.000Z' },
      ...{ addressKey: expect.stringMatching(/^[0-9a-f-]{36}$/), recordedAt: expect.any(String) },
      actor: { kind: 'apiKey' },
    });
    expect(await api.get(`/v1/consents/${granted.id}`)).toMatchObject({ text: GRANT.text, actor: { kind: 'apiKey' } });
    const filter = encodeURIComponent(`contactId = "${contactId}" AND state = "granted"`);
    const { data } = await api.get<List<Fields>>(`/v1/consents?filter=${filter}`);
    expect(data).toMatchObject([{ id: granted.id, textVersion: '3', actor: { kind: 'apiKey' } }]);
  });

  it('is never edited: a later entry stands above an earlier one', async () => {
    for (const method of ['PATCH', 'DELETE'] as const)
      expect((await api.fetch(method, `/v1/consents/${granted.id}`, { body: {} })).status).toBeGreaterThanOrEqual(404);
    await say({ contactId, address: 'ADA@Example.ORG', state: 'withdrawn', source: 'call', topic: undefined });
    expect(await standings(`contactId=${contactId}`)).toMatchObject([
      { topic: 'newsletter', state: 'withdrawn' },
      { state: 'withdrawn' },
    ]);
    expect(await standings(`address=ada@example.org`)).toMatchObject([{ state: 'withdrawn' }, { state: 'withdrawn' }]);
  });

  it('tells what stood on any day, by when it was said and by when it was known', async () => {
    const query = `contactId=${contactId}&asOf=2021-01-01`;
    expect(await standings(query)).toMatchObject([{ state: 'granted', consentId: granted.id }]);
    expect(await standings(`${query}&asOfBy=recorded`)).toEqual([]);
    expect(await standings(`contactId=${contactId}&asOf=2020-04-30`)).toEqual([]);
  });

  it.each([
    [{ address: undefined }, 'address-missing'],
    [{ address: 'nobody' }, 'invalid-request'],
    [{ channel: 'pigeon' }, 'invalid-request'],
    [{ channel: 'sms' }, 'wrong-address'],
    [{ text: undefined }, 'proof-missing'],
    [{ legalBasis: undefined }, 'proof-missing'],
    [{ source: '' }, 'invalid-request'],
    [{ byPerson: true }, 'invalid-request'],
    [{ addressKey: '00000000-0000-7000-8000-000000000001' }, 'invalid-request'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expired-before'],
    [{ occurredAt: '2999-01-01T00:00:00Z' }, 'occurs-in-the-future'],
    [{ contactId: '00000000-0000-7000-8000-000000000001' }, 'contact-not-found'],
  ])('refuses %j', async (change, code) => {
    const refused = problemOf(say({ contactId, address: 'ada@example.org', ...change }));
    expect(await refused).toMatchObject({ status: 400, code });
  });

  it('is asked about somebody', async () => {
    expect(await problemOf(standings(''))).toMatchObject({ status: 400, code: 'nobody-named' });
  });

  it('is written by marketing; privacy officers record what is withdrawn, and viewers nothing', async () => {
    const about = { contactId, address: 'ada@example.org' };
    const [marketing, officer, viewer] = await Promise.all(
      ['marketing', 'privacy-officer', 'viewer'].map((role) => api.clientFor([role])),
    );
    expect(await say(about, marketing)).toMatchObject({ state: 'granted' });
    const withdraw = (by: Api | undefined, state: string): Promise<Fields> =>
      by!.post('/v1/consents:withdraw', { ...about, channel: 'email', state, source: 'letter' });
    expect(await problemOf(say(about, officer))).toMatchObject({ status: 403, code: 'permission-missing' });
    expect(await problemOf(withdraw(officer, 'granted'))).toMatchObject({ status: 400, code: 'granted' });
    expect(await withdraw(officer, 'objected')).toMatchObject({ state: 'objected', source: 'letter' });
    expect(await problemOf(withdraw(viewer, 'objected'))).toMatchObject({ status: 403 });
    expect(await problemOf(officer!.patch(`/v1/contacts/${contactId}`, { lastName: 'Byron' }))).toMatchObject({
      status: 403,
    });
    expect(await viewer!.get(`/v1/consents/${granted.id}`)).toMatchObject({ state: 'granted' });
  });

  it('is told in its history, on the feed, and to whoever asks what is held about the person', async () => {
    const { data } = await api.get<List<Fields>>(`/v1/consents/${granted.id}/history`);
    expect(data).toMatchObject([{ type: 'ConsentRecorded', actor: { kind: 'apiKey' } }]);
    const filter = encodeURIComponent(`record = "${granted.id}"`);
    await eventually(async () => {
      const feed = await api.get<{ data: Fields[] } & Fields>(`/v1/events?filter=${filter}`);
      return feed.data.length === 1 && JSON.stringify(feed.data[0]).includes('rapport.contacts.v1.ConsentRecorded');
    });
    const held = await api.get<{ data: Fields[] } & Fields>(`/v1/people/${contactId}`);
    expect(held.data).toContainEqual(
      expect.objectContaining({
        ...{ object: 'consent', id: granted.id },
        purpose: 'To respect whether this person may be written to or called, and to prove it',
      }),
    );
  });

  it('is nothing of another tenant', async () => {
    const other = await api.clientFor(['administrator'], 'elsewhere');
    expect(await problemOf(other.get(`/v1/consents/${granted.id}`))).toMatchObject({ code: 'consent-not-found' });
  });
});

describe('the proof of a consent', () => {
  it('outlives an erasure of the person, without the address', async () => {
    const contactId = await person('grace@example.org');
    const { id, addressKey } = await say({ contactId, address: 'grace@example.org' });
    await api.post(`/v1/contacts/${contactId}:erase`);
    await eventually(async () => (await api.get(`/v1/consents/${id}`))['address'] === undefined);
    const proof = await api.get(`/v1/consents/${id}`);
    expect(proof).toMatchObject({ addressKey, textVersion: '3', text: GRANT.text, state: 'granted' });
    expect(await standings('address=Grace@Example.org')).toMatchObject([{ state: 'granted', consentId: id }]);
    const held = JSON.stringify(await api.get(`/v1/people/${contactId}`));
    expect(held).not.toContain('grace@example.org');
  });
});
