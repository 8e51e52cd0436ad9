import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually, type Fields, Import, type List, problemOf, Rapport, userMade } from './support/index.js';

const FILE = [
  'sales_agent,manager,regional_office,email',
  'Anna Example,Dustin Example,Central,anna@example.org',
  'Boris Example,Dustin Example,Central,',
  '',
].join('\n');

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  api = rapport.api;
  await api.post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
  await Import.run(api, 'representatives', FILE);
});
afterAll(() => rapport.stop());

const listed = (list: string, filter: string): Promise<List<Fields>> =>
  api.get<List<Fields>>(`/v1/${list}?filter=${encodeURIComponent(filter)}`);
const representative = async (name: string): Promise<Fields> =>
  (await listed('representatives', `name = "${name}"`)).data[0]!;
const isArchived = ({ info }: Fields): boolean => (info as Fields | undefined)?.['archived'] === true;

describe('representatives', () => {
  it('are users of the same id, once each, and keep their managers and regions', async () => {
    const anna = await representative('Anna Example');
    expect(anna).toMatchObject({ manager: 'Dustin Example', region: 'Central', email: 'anna@example.org' });
    const user = await userMade(api, anna.id);
    expect(user).toMatchObject({ name: 'Anna Example', representativeId: anna.id, roleIds: [] });
    expect(user).not.toHaveProperty('email');
    await api.patch(`/v1/representatives/${anna.id}`, { name: 'Anna Other', region: 'West' });
    await userMade(api, anna.id, ({ name }) => name === 'Anna Other');
    expect((await listed('users', 'name:"Example" OR name:"Other"')).data.map(({ name }) => name)).toEqual([
      'Anna Other',
      'Boris Example',
    ]);
  });

  it('come in under the same id, once they are given an address and a role, and see what is theirs', async () => {
    const boris = await representative('Boris Example');
    await userMade(api, boris.id);
    const deal = await api.post('/v1/opportunities', { name: 'Of Boris', ownerId: boris.id });
    const contact = await api.post('/v1/contacts', { lastName: 'Known to Boris', ownerId: boris.id });
    await api.post('/v1/opportunities', { name: 'Of nobody' });
    const grants = ['opportunity', 'contact'].map((object) => ({ object, action: 'read', scope: 'own' }));
    const role = await api.post('/v1/roles', { name: 'Own', grants });
    await api.patch(`/v1/users/${boris.id}`, { email: 'boris@example.org', roleIds: [role.id] });
    const { url } = await api.post<{ url: string }>(`/v1/users/${boris.id}:invite`);
    const signedIn = await fetch(`${api.address}/v1/passwords`, {
      method: 'POST',
      headers: { origin: api.address, 'content-type': 'application/json' },
      body: JSON.stringify({ link: url.slice(url.indexOf('#') + 1), password: 'a deal before lunch' }),
    });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((each) => each.split(';')[0]!)
      .join('; ');
    const asBoris = async (path: string): Promise<Fields & List<Fields>> =>
      (await (await fetch(`${api.address}${path}`, { headers: { cookie, origin: api.address } })).json()) as never;
    expect(await asBoris('/v1/me')).toMatchObject({ actor: { id: boris.id } });
    expect((await asBoris('/v1/opportunities')).data.map(({ id }) => id)).toEqual([deal.id]);
    expect((await asBoris('/v1/contacts')).data.map(({ id }) => id)).toEqual([contact.id]);
    // What sales says of somebody who comes in is no news here any more.
    await api.patch(`/v1/representatives/${boris.id}`, { name: 'Somebody Else' });
    const marker = await api.post('/v1/representatives', { name: 'Marker' });
    await userMade(api, marker.id);
    expect((await api.get<Fields>(`/v1/users/${boris.id}`))['name']).toBe('Boris Example');
  });

  it('go when they are archived', async () => {
    const { id } = await api.post('/v1/representatives', { name: 'Emil Example' });
    await userMade(api, id);
    await api.post(`/v1/representatives/${id}:archive`);
    await userMade(api, id, isArchived);
    expect(await problemOf(api.post(`/v1/users/${id}:invite`))).toMatchObject({ code: 'user-deactivated' });
  });

  it('are nobody beside a user who says to be that one', async () => {
    const { id } = await api.post('/v1/representatives', { name: 'Gerd Example' });
    const linked = await api.post('/v1/users', { name: 'Gerd, of the directory', representativeId: id });
    await userMade(api, id, isArchived);
    expect((await listed('users', `representativeId = "${id}"`)).data.map((each) => each.id)).toEqual([linked.id]);
  });
});

describe('whoever is a user', () => {
  it('owns opportunities, by name in files too, and leaves them to any other', async () => {
    const [ida, jim] = [
      await api.post('/v1/users', { name: 'Ida Example' }),
      await api.post('/v1/users', { name: 'Jim Example' }),
    ];
    const asked = (): Promise<{ id?: string }> => api.post('/v1/opportunities', { name: 'Of Ida', ownerId: ida.id });
    // Sales hears of users a moment later.
    const deal = await eventually(
      () => asked().catch((): { id?: string } => ({})),
      ({ id }) => id !== undefined,
    );
    expect(await api.get(`/v1/opportunities/${deal.id}`)).toMatchObject({ ownerName: 'Ida Example' });
    expect((await listed('opportunities', `ownerId = "${ida.id}"`)).data).toHaveLength(1);
    await Import.run(api, 'opportunities', 'opportunity_id,opportunity,sales_agent\nX-1,From a file,Ida Example\n');
    const [row] = (await listed('opportunities', 'externalId = "X-1"')).data;
    expect(row).toMatchObject({ ownerId: ida.id });
    const left = await api.post(`/v1/users/${ida.id}:leave`, { successorId: jim.id });
    await eventually(
      () => api.get<Fields>(`/v1/handovers/${left.id}`),
      ({ state }) => state === 'done',
    );
    expect(await api.get(`/v1/opportunities/${deal.id}`)).toMatchObject({ ownerId: jim.id, ownerName: 'Jim Example' });
  });

  it('is there: nobody else can be an owner', async () => {
    const nobody = '01940000-0000-7000-8000-00000000dead';
    expect(await problemOf(api.post('/v1/opportunities', { name: 'X', ownerId: nobody }))).toMatchObject({
      status: 400,
      code: 'representative-not-found',
    });
  });
});

describe('an erasure', () => {
  it('of either is one of both, under one receipt', async () => {
    for (const list of ['representatives', 'users']) {
      const { id } = await api.post('/v1/representatives', { name: 'Cleo Example' });
      await userMade(api, id);
      await api.post(`/v1/${list}/${id}:erase`);
      const [here, there] = ['users', 'representatives'].map(
        (each) => () => api.get<Fields>(`/v1/${each}/${id}/erasure`),
      );
      const receipt = await eventually(here!, ({ state }) => state === 'done');
      expect(await there!()).toEqual(receipt);
      for (const each of ['users', 'representatives'])
        await eventually(
          () => api.get<Fields>(`/v1/${each}/${id}`),
          ({ erased }) => erased === true,
        );
      expect(await problemOf(api.patch(`/v1/representatives/${id}`, { region: 'East' }))).toMatchObject({
        status: 410,
      });
    }
    expect((await listed('representatives', 'name = "Cleo Example"')).data).toEqual([]);
  });
});
