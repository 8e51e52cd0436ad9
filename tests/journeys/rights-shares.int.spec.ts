import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  type Fields,
  grant,
  type List,
  problemOf,
  Rapport,
  type Somebody,
  somebody,
} from './support/index.js';

let rapport: Rapport;
let team: string;
let reader: Somebody;

const make = async (list: string, fields: object): Promise<string> =>
  (await rapport.api.post(`/v1/${list}`, fields)).id;
const own = ['account', 'contact', 'opportunity'].flatMap((object) =>
  ['read', 'edit', 'share'].map((action) => grant(object, action, 'own')),
);
const surroundings = [grant('pipeline', 'read', 'all'), grant('event', 'read', 'all')];
const shared = (shares: readonly object[]) => ({ shares });

beforeAll(async () => {
  rapport = await Rapport.start();
  await make('pipelines', { name: 'Sales', currency: 'USD', stages: [{ name: 'Talks', probability: 50 }] });
  team = await make('teams', { name: 'Helpers' });
  reader = await somebody(rapport.api, { role: { grants: [...own, ...surroundings] }, user: { teamIds: [team] } });
});
afterAll(() => rapport.stop());

const lists = { accounts: { name: 'Acme' }, contacts: { lastName: 'Lovelace' }, opportunities: { name: 'Racks' } };

describe.each(Object.entries(lists))('a record of %s', (list, fields) => {
  const idsSeen = async (): Promise<readonly string[]> =>
    (await reader.api.get<List<Fields>>(`/v1/${list}?total=true`)).data.map(({ id }) => id);
  const statusOf = async (path: string): Promise<number> => (await reader.api.fetch('GET', path)).status;

  it('is seen by whom it is shared with, on every way to it, and by nobody else', async () => {
    const [id, other] = [await make(list, fields), await make(list, fields)];
    const path = `/v1/${list}/${id}`;
    expect(await idsSeen()).toEqual([]);
    for (const share of [{ userId: reader.id }, { teamId: team }]) {
      await rapport.api.patch(path, shared([{ ...share, access: 'read' }]));
      await rapport.api.get(path);
      expect(await idsSeen()).toEqual([id]);
      expect([await statusOf(path), await statusOf(`${path}/history`)]).toEqual([200, 200]);
      expect(await statusOf(`/v1/${list}/${other}`)).toBe(404);
      const edit = { description: 'Changed' };
      expect(await problemOf(reader.api.patch(path, edit))).toMatchObject({ status: 403, code: 'not-permitted' });
      await rapport.api.patch(path, shared([{ ...share, access: 'edit' }]));
      expect(await reader.api.patch(path, edit)).toMatchObject(edit);
      const further = shared([{ ...share, access: 'edit', until: '2090-01-01T00:00:00Z' }]);
      expect(await problemOf(reader.api.patch(path, further))).toMatchObject({ status: 403, code: 'not-permitted' });
      await rapport.api.patch(path, { ...shared([]), description: null });
      await rapport.api.get(path);
      expect([await idsSeen(), await statusOf(path)]).toEqual([[], 404]);
    }
  });

  it('is shared until an end, which takes it away by an event', async () => {
    const until = new Date(Date.now() + 3_000).toISOString();
    const id = await make(list, fields);
    const path = `/v1/${list}/${id}`;
    const { next } = await reader.api.get<{ next: string }>('/v1/events?after=now');
    const kept = await somebody(rapport.api, { role: { grants: [...own, ...surroundings] } });
    await rapport.api.patch(
      path,
      shared([
        { userId: reader.id, access: 'read', until },
        { userId: kept.id, access: 'read' },
      ]),
    );
    await rapport.api.get(path);
    await eventually(
      () => statusOf(path),
      (status) => status === 404,
    );
    const isTold = async (): Promise<readonly string[]> => {
      const { data } = await reader.api.get<List<Fields>>(`/v1/events?after=${next}&filter=record="${id}"`);
      return data.map(({ type }) => (type as string).split('.').at(-1)!);
    };
    const told = await eventually(isTold, (types) => types.includes('RecordGone'));
    expect(told.at(-1)).toBe('RecordGone');
    const sharesNow = async (): Promise<readonly object[]> =>
      (await rapport.api.get<{ shares: readonly object[] }>(path)).shares;
    const shares = await eventually(sharesNow, ({ length }) => length < 2);
    expect(shares).toEqual([{ userId: kept.id, access: 'read' }]);
    expect((await kept.api.get(path)).id).toBe(id);
  });

  it('is shared with one user or one team, once with each, and not for a time that is over', async () => {
    const id = await make(list, fields);
    const mine = { userId: reader.id, access: 'read' };
    for (const [code, shares] of Object.entries({
      'bad-share': [{ ...mine, teamId: team }],
      'shared-twice': [mine, { ...mine, access: 'edit' }],
      'share-ended': [{ ...mine, until: '2020-01-01T00:00:00Z' }],
    }))
      expect(await problemOf(rapport.api.patch(`/v1/${list}/${id}`, { shares }))).toMatchObject({ code });
  });
});
