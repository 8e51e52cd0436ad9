import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let ada: Fields;
let king: Fields;

const NEWS = { channel: 'email', topic: 'news', purpose: 'marketing', source: 'call' };
const [SHARED, ONE, TWO] = ['ada@shared.example', 'ada@one.example', 'ada@two.example'];

const say = (
  { id }: Fields,
  address: string,
  state: string,
  occurredAt: string,
  said: object = {},
): Promise<Fields> => {
  const basis = state === 'granted' ? { legalBasis: 'contract' } : {};
  const entry = { ...NEWS, contactId: id, address, state, occurredAt, ...basis, ...said };
  return rapport.api.post('/v1/consents', entry);
};
const standing = async ({ id }: Fields, address: string): Promise<readonly unknown[]> => {
  const query = `contactId=${id}&address=${encodeURIComponent(address)}`;
  const { data } = await rapport.api.get<List<Fields>>(`/v1/consent-standings?${query}`);
  return data.filter(({ topic }) => topic === 'news').map(({ state }) => state);
};
const merge = (asked: object = {}): Promise<Fields> =>
  rapport.api.post(`/v1/contacts/${ada.id}:merge`, { otherId: king.id, ...asked });

beforeAll(async () => {
  rapport = await Rapport.start();
  const create = (contact: object): Promise<Fields> => rapport.api.post('/v1/contacts', contact);
  ada = await create({ lastName: 'Lovelace', email: ONE, otherEmails: [SHARED] });
  king = await create({ lastName: 'King', email: TWO });
  await say(ada, SHARED, 'granted', '2020-01-01T00:00:00Z');
  await say(king, SHARED, 'withdrawn', '2021-01-01T00:00:00Z', { topic: undefined });
  await say(ada, ONE, 'granted', '2020-01-01T00:00:00Z');
  await say(king, ONE, 'objected', '2020-01-01T00:00:00Z');
  await say(king, TWO, 'withdrawn', '2020-01-01T00:00:00Z');
});
afterAll(() => rapport.stop());

describe('consents of two contacts', () => {
  it('are told by a preview: for each address what would stand', async () => {
    const preview = await rapport.api.post<Fields>(`/v1/contacts/${ada.id}:previewMerge`, { otherId: king.id });
    const told = (preview['consents'] as readonly Fields[]).map(({ topic, this: ours, other, becomes }) =>
      JSON.stringify([topic ?? null, ours ?? null, other ?? null, becomes]),
    );
    expect(told.sort()).toEqual(
      [
        ['news', 'granted', 'withdrawn', 'withdrawn'],
        [null, null, 'withdrawn', 'withdrawn'],
        ['news', 'granted', 'objected', 'objected'],
        ['news', null, 'withdrawn', 'withdrawn'],
      ]
        .map((each) => JSON.stringify(each))
        .sort(),
    );
    const integrator = await rapport.api.clientFor(['integrator']);
    expect(await integrator.post(`/v1/contacts/${ada.id}:previewMerge`, { otherId: king.id })).toMatchObject({
      consents: preview['consents'],
    });
  });

  it('are one ledger once they are one, in which no withdrawal is lost', async () => {
    await merge();
    for (const each of [ada, king]) {
      expect(await standing(each, SHARED)).toEqual(['withdrawn']);
      expect(await standing(each, ONE)).toEqual(['objected']);
      expect(await standing(each, TWO)).toEqual(['withdrawn']);
    }
    await say(ada, SHARED, 'granted', '2022-01-01T00:00:00Z');
    expect(await standing(king, SHARED)).toEqual(['granted']);
  });

  it('are recorded for whoever has the address, and go back with it', async () => {
    expect(await say(ada, TWO, 'granted', '2023-01-01T00:00:00Z')).toMatchObject({ contactId: king.id });
    expect(await say(ada, ONE, 'withdrawn', '2023-01-01T00:00:00Z')).toMatchObject({ contactId: ada.id });
    expect(await say(king, SHARED, 'objected', '2023-01-01T00:00:00Z')).toMatchObject({ contactId: king.id });
    expect(await standing(ada, TWO)).toEqual(['granted']);
    await rapport.api.post(`/v1/contacts/${ada.id}:unmerge`, { otherId: king.id });
    expect(await standing(king, TWO)).toEqual(['granted']);
    expect(await standing(ada, TWO)).toEqual([]);
    expect(await standing(ada, ONE)).toEqual(['withdrawn']);
    expect(await standing(king, ONE)).toEqual(['objected']);
    expect(await standing(ada, SHARED)).toEqual(['granted']);
  });

  it('are forgotten with the person: the proof stays, the address does not', async () => {
    await merge();
    await rapport.api.post(`/v1/contacts/${king.id}:erase`);
    const filter = encodeURIComponent(`contactId = "${ada.id}"`);
    const { data } = await rapport.api.get<List<Fields>>(`/v1/consents?filter=${filter}&limit=50`);
    expect(data.length).toBe(9);
    expect(JSON.stringify(data)).not.toContain('.example');
    expect(await standing(king, TWO)).toEqual(['granted']);
  });

  it('are asked for by somebody at least', async () => {
    expect(await problemOf(rapport.api.get('/v1/consent-standings'))).toMatchObject({ code: 'nobody-named' });
  });
});
