import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let [ada, bob, eve]: Api[] = [];
let teamId: string;

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  const { data } = await api.get<List<Fields>>(`/v1/roles?filter=${encodeURIComponent('builtIn = "viewer"')}`);
  teamId = (await api.post<Fields>('/v1/teams', { name: 'West' })).id;
  const comes = async (name: string, teamIds: readonly string[]): Promise<Api> => {
    const { id } = await api.post<Fields>('/v1/users', { name, teamIds, roleIds: [data[0]!.id] });
    const key = { name, userId: id };
    return new Api(rapport.api.address, (await api.post<{ secret: string }>('/v1/api-keys', key)).secret);
  };
  [ada, bob, eve] = [await comes('Ada', [teamId]), await comes('Bob', [teamId]), await comes('Eve', [])];
});
afterAll(() => rapport.stop());

const HOT = {
  name: 'Hot deals',
  object: 'opportunity',
  filter: 'status = "open"',
  sort: '-amount.minor',
  columns: ['name'],
};
const namesSeen = async (by: Api): Promise<unknown[]> =>
  (await by.get<List<Fields>>('/v1/views')).data.map(({ name }) => name);

/** Others hear of a change a moment later. */
const comesToSee = (by: Api, name: string): Promise<unknown[]> =>
  eventually(
    () => namesSeen(by),
    (names) => names.includes(name),
  );

describe('a saved view', () => {
  let view: Fields;

  it('is its owner’s, whatever roles others have', async () => {
    view = await ada!.post<Fields>('/v1/views', { ...HOT, isDefault: true });
    expect(await namesSeen(ada!)).toEqual(['Hot deals']);
    for (const other of [api, bob!, eve!]) {
      expect(await namesSeen(other)).toEqual([]);
      expect(await problemOf(other.get(`/v1/views/${view.id}`))).toMatchObject({ status: 404 });
      expect(await problemOf(other.patch(`/v1/views/${view.id}`, { name: 'x' }))).toMatchObject({ status: 404 });
    }
  });

  it('is shared with a team, or with everybody, and stays the owner’s to change', async () => {
    await ada!.patch(`/v1/views/${view.id}`, { sharedWith: 'team', teamId });
    await comesToSee(bob!, 'Hot deals');
    expect(await namesSeen(eve!)).toEqual([]);
    await ada!.patch(`/v1/views/${view.id}`, { sharedWith: 'everybody', teamId: null });
    await comesToSee(eve!, 'Hot deals');
    const change = eve!.patch(`/v1/views/${view.id}`, { name: 'Mine' });
    expect(await problemOf(change)).toMatchObject({ status: 403, code: 'not-permitted' });
    expect(await problemOf(eve!.delete(`/v1/views/${view.id}`))).toMatchObject({ status: 403 });
    await ada!.delete(`/v1/views/${view.id}`);
    expect(await namesSeen(ada!)).toEqual([]);
    await ada!.post(`/v1/views/${view.id}:restore`);
    expect(await namesSeen(ada!)).toEqual(['Hot deals']);
  });

  it('is refused where it cannot be', async () => {
    const refusal = (fields: object) => problemOf(ada!.post('/v1/views', { ...HOT, ...fields }));
    expect(await refusal({ filter: 'status = ' })).toMatchObject({ status: 400 });
    expect(await refusal({ sharedWith: 'team' })).toMatchObject({ code: 'team-and-sharing' });
    expect(await refusal({ ownerId: 'somebody' })).toMatchObject({ status: 400 });
  });
});

describe('preferences', () => {
  it('are one’s own, and empty until somebody says otherwise', async () => {
    expect(await ada!.get('/v1/preferences')).toEqual({ muted: [], mailed: [] });
    const liked = { theme: 'dark', density: 'compact', timeZone: 'Europe/London', muted: ['due'], mailed: [] };
    expect(await ada!.patch('/v1/preferences', liked)).toEqual(liked);
    await ada!.patch('/v1/preferences', { theme: null });
    const { theme: _, ...left } = liked;
    expect(await ada!.get('/v1/preferences')).toEqual(left);
    expect(await bob!.get('/v1/preferences')).toEqual({ muted: [], mailed: [] });
  });

  it('are refused where they mean nothing', async () => {
    const refusal = (fields: object) => problemOf(ada!.patch('/v1/preferences', fields));
    expect(await refusal({ theme: 'pink' })).toMatchObject({ status: 400 });
    expect(await refusal({ timeZone: 'Europe/Atlantis' })).toMatchObject({ status: 400 });
    expect(await refusal({ muted: ['everything'] })).toMatchObject({ status: 400 });
  });
});
