import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Api, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let id: string;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  ({ id } = await api.post<Fields>('/v1/contacts', { lastName: 'Byron', title: 'Countess', email: 'ada@example.org' }));
});
afterAll(() => rapport.stop());

const ASKED = { askedBy: 'Ada Lovelace, by letter', askedAt: '2026-03-01T09:00:00Z', note: 'I am called Lovelace' };
const rectify = (contact: object, asked: object = ASKED, by: Api = api): Promise<Fields> =>
  by.post(`/v1/contacts/${id}:rectify`, { contact, ...asked });

describe('a rectification', () => {
  it('puts right what the person says is wrong', async () => {
    const officer = await api.clientFor(['privacy-officer']);
    const rectified = await rectify({ lastName: 'Lovelace', title: null }, ASKED, officer);
    expect(rectified).toMatchObject({ lastName: 'Lovelace', email: 'ada@example.org' });
    expect(rectified).not.toHaveProperty('title');
  });

  it('is in the history with who asked, when, and what was changed', async () => {
    const { data } = await api.get<List<Fields>>(`/v1/contacts/${id}/history`);
    expect(data[0]).toMatchObject({
      type: 'ContactRectified',
      changes: [
        { field: 'lastName', from: 'Byron', to: 'Lovelace' },
        { field: 'title', from: 'Countess', to: null },
      ],
      rectification: { ...ASKED, askedAt: '2026-03-01T09:00:00.000Z' },
    });
    expect(data[1]).not.toHaveProperty('rectification');
  });

  it('is in the audit trail, and in what is told about the person', async () => {
    const filter = encodeURIComponent(`what = "ContactRectified" AND recordIds: "${id}"`);
    const { data } = await api.get<List<Fields>>(`/v1/audit/contacts/entries?filter=${filter}`);
    expect(data).toMatchObject([{ object: 'contact', actor: { kind: 'apiKey' } }]);
    const held = await api.get<{ data: { facts: Fields[] }[] } & Fields>(`/v1/people/${id}`);
    expect(held.data[0]!.facts[1]).toMatchObject({
      type: 'ContactRectified',
      data: { set: { lastName: 'Lovelace' }, rectification: { askedBy: ASKED.askedBy, note: ASKED.note } },
    });
  });

  it.each([
    [{ tags: ['vip'] }, ASKED, 'not-about-the-person'],
    [{ lastName: 'King' }, { ...ASKED, askedBy: '' }, 'invalid-request'],
    [{ lastName: 'King' }, { ...ASKED, askedAt: 'yesterday' }, 'invalid-request'],
    [{ nonsense: 'x' }, ASKED, 'invalid-request'],
    [{ lastName: null, email: null }, ASKED, 'nameless'],
  ])('refuses %j', async (contact, asked, code) => {
    expect(await problemOf(rectify(contact, asked))).toMatchObject({ status: 400, code });
  });

  it('is for privacy officers, and not while processing is restricted', async () => {
    const manager = await api.clientFor(['manager']);
    expect(await problemOf(rectify({ lastName: 'King' }, ASKED, manager))).toMatchObject({ status: 403 });
    await api.post(`/v1/contacts/${id}:restrict`, { reason: 'Says that it is wrong' });
    expect(await problemOf(rectify({ lastName: 'King' }))).toMatchObject({ code: 'processing-restricted' });
    await api.post(`/v1/contacts/${id}:unrestrict`);
  });

  it('goes with the person: who asked is forgotten, that something was put right is not', async () => {
    await api.post(`/v1/contacts/${id}:erase`);
    const { data } = await api.get<List<Fields>>(`/v1/contacts/${id}/history`);
    expect(data.map(({ type }) => type)).toContain('ContactRectified');
    for (const said of ['Lovelace', 'by letter']) expect(JSON.stringify(data)).not.toContain(said);
  });
});
