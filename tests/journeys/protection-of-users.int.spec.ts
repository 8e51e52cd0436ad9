import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Api,
  eventually,
  type Fields,
  grant,
  type List,
  problemOf,
  Rapport,
  somebody,
  userMade,
} from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
});
afterAll(() => rapport.stop());

/** Somebody who sells, and is a user. */
const seller = async (name: string): Promise<string> => {
  const { id } = await api.post('/v1/representatives', { name });
  await userMade(api, id);
  return id;
};
const shown = (path: string, wanted: (record: Fields) => boolean): Promise<Fields> =>
  eventually(() => api.get<Fields>(path), wanted);
const named = async (list: string, name: string): Promise<number> =>
  (await api.get<List<Fields>>(`/v1/${list}?filter=${encodeURIComponent(`name = "${name}"`)}`)).data.length;

describe('a legal hold on a user', () => {
  it('stands above an erasure, by whichever path it is asked for, and says so', async () => {
    const id = await seller('Byron');
    expect(await api.post(`/v1/users/${id}:hold`, { reason: 'Case 17' })).toMatchObject({ hold: 'Case 17' });
    for (const list of ['users', 'representatives'])
      expect(await problemOf(api.post(`/v1/${list}/${id}:erase`))).toMatchObject({ status: 409, code: 'on-hold' });
    await shown(`/v1/representatives/${id}`, ({ hold }) => hold === 'Case 17');
    expect(await api.get(`/v1/users/${id}`)).toMatchObject({ name: 'Byron', erased: false });
    await api.post(`/v1/users/${id}:release`);
    await api.post(`/v1/representatives/${id}:erase`);
    await shown(`/v1/users/${id}/erasure`, ({ state }) => state === 'done');
    await shown(`/v1/representatives/${id}`, ({ erased }) => erased === true);
  });

  it('is for privacy officers, and in the audit trail', async () => {
    const id = await seller('Milbanke');
    const manager = await api.clientFor(['manager']);
    expect(await problemOf(manager.post(`/v1/users/${id}:hold`, { reason: 'x' }))).toMatchObject({ status: 403 });
    await api.post(`/v1/users/${id}:hold`, { reason: 'Case 18' });
    const filter = encodeURIComponent(`what = "UserHoldPlaced" AND recordIds: "${id}"`);
    const trail = () => api.get<List<Fields>>(`/v1/audit/identity/entries?filter=${filter}`);
    await eventually(trail, ({ data }) => data.length === 1);
  });
});

describe('a restriction of what is known about a user', () => {
  let id: string;
  let deal: Fields;
  beforeAll(async () => {
    id = await seller('Lovelace');
    await api.patch(`/v1/users/${id}`, { email: 'ada@example.org' });
    deal = await api.post('/v1/opportunities', { name: 'Of Ada', ownerId: id });
    await api.post(`/v1/users/${id}:restrict`, { reason: 'Says that it is wrong' });
  });

  it('keeps the record from everybody who would change or use it, in both contexts', async () => {
    for (const call of [
      () => api.patch(`/v1/users/${id}`, { name: 'Byron' }),
      () => api.post(`/v1/users/${id}:deactivate`),
      () => api.post(`/v1/users/${id}:invite`),
    ])
      expect(await problemOf(call())).toMatchObject({ status: 409, code: 'processing-restricted' });
    const representative = await shown(`/v1/representatives/${id}`, ({ restriction }) => restriction !== undefined);
    expect(representative).not.toHaveProperty('name', 'Lovelace');
    expect(await problemOf(api.patch(`/v1/representatives/${id}`, { region: 'East' }))).toMatchObject({
      code: 'processing-restricted',
    });
    expect([await named('users', 'Lovelace'), await named('representatives', 'Lovelace')]).toEqual([0, 0]);
    await shown(`/v1/opportunities/${deal.id}`, ({ ownerName }) => !ownerName);
    // The address is that user's all the same.
    expect(await problemOf(api.post('/v1/users', { name: 'Other', email: 'ADA@example.org' }))).toMatchObject({
      status: 409,
    });
  });

  it('is no restriction for who asks what is held about the person', async () => {
    const { data } = await api.get<{ data: Fields[] } & Fields>(`/v1/people/${id}`);
    const places = data.map(({ context, object }) => `${String(context)} ${String(object)}`);
    expect(places).toEqual(expect.arrayContaining(['identity user', 'sales representative']));
    expect(JSON.stringify(data)).toContain('Lovelace');
  });

  it('leaves everything as it was once it is lifted', async () => {
    await api.post(`/v1/users/${id}:unrestrict`);
    expect(await api.get(`/v1/users/${id}`)).toMatchObject({ name: 'Lovelace', email: 'ada@example.org' });
    await shown(`/v1/representatives/${id}`, ({ name }) => name === 'Lovelace');
    await shown(`/v1/opportunities/${deal.id}`, ({ ownerName }) => ownerName === 'Lovelace');
  });

  it('ends access at once, until it is lifted', async () => {
    const somebodyElse = await somebody(api, { role: { grants: [grant('contact', 'read', 'all')] } });
    const status = async () => (await somebodyElse.api.fetch('GET', '/v1/me')).status;
    expect(await status()).toBe(200);
    await api.post(`/v1/users/${somebodyElse.id}:restrict`, { reason: 'again' });
    await eventually(status, (each) => each === 401);
    await api.post(`/v1/users/${somebodyElse.id}:unrestrict`);
    await eventually(status, (each) => each === 200);
  });
});

describe('what a user says is wrong', () => {
  it('is put right, with who asked for it', async () => {
    const { id } = await api.post('/v1/users', { name: 'Ada Byron' });
    const rectified = await api.post(`/v1/users/${id}:rectify`, { user: { name: 'Ada King' }, askedBy: 'Ada King' });
    expect(rectified).toMatchObject({ name: 'Ada King' });
    const { data } = await api.get<List<Fields>>(`/v1/users/${id}/history`);
    expect(data[0]).toMatchObject({ type: 'UserRectified' });
  });
});
