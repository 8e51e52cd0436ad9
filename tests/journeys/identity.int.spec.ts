import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, type Fields, type List, problemOf, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
});
afterAll(() => rapport.stop());

const roleCalled = async (name: string): Promise<string> => {
  const { data } = await api.get<List<Fields>>(`/v1/roles?filter=${encodeURIComponent(`builtIn = "${name}"`)}`);
  return data[0]!.id;
};

const left = async (client: Api): Promise<void> => {
  while ((await client.fetch('GET', '/v1/me')).status !== 401);
};

describe('a key', () => {
  it('lets a program in as its user, and is out with it, in open streams too', async () => {
    const roleIds = [await roleCalled('viewer')];
    const robot = await api.post('/v1/users', { name: 'Robot', kind: 'service', roleIds });
    const { id, secret } = await api.post<{ id: string; secret: string }>('/v1/api-keys', {
      ...{ name: 'ERP', userId: robot.id, permissions: ['contacts.read', 'events.read', 'contacts.write'] },
    });
    const program = new Api(rapport.api.address, secret);
    expect(await program.get('/v1/me')).toMatchObject({
      ...{ name: 'ERP', permissions: ['contacts.read', 'events.read', 'self.read'] },
      actor: { kind: 'apiKey', id, onBehalfOf: robot.id },
    });
    expect(await program.get('/v1/contacts')).toHaveProperty('data');
    expect(await problemOf(program.post('/v1/contacts', { lastName: 'X' }))).toMatchObject({ status: 403 });
    expect(await problemOf(program.get('/v1/accounts?limit=0'))).toMatchObject({ status: 400 });
    const stream = await program.fetch('GET', '/v1/events/stream?after=now');
    const reader = stream.body!.getReader();
    await reader.read();
    await api.post(`/v1/users/${robot.id}:deactivate`);
    await left(program);
    for (let part = await reader.read(); !part.done;) part = await reader.read();
    await api.post(`/v1/users/${robot.id}:activate`);
    const rotated = await api.post<{ secret: string }>(`/v1/api-keys/${id}:rotate`, { overlapHours: 0 });
    await left(program);
    expect(await new Api(rapport.api.address, rotated.secret).get('/v1/me')).toMatchObject({ name: 'ERP' });
  });
});

describe('who works with Rapport', () => {
  it('belongs to teams and has roles, as of any day, and every change can be taken back', async () => {
    const europe = await api.post('/v1/teams', { name: 'Europe' });
    const north = await api.post('/v1/teams', { name: 'North', parentId: europe.id });
    const roleIds = [await roleCalled('sales')];
    const ada = await api.post('/v1/users', { name: 'Ada', email: 'ada@example.org', teamIds: [north.id], roleIds });
    expect(await problemOf(api.patch(`/v1/teams/${europe.id}`, { parentId: north.id }))).toMatchObject({
      code: 'under-itself',
    });
    await api.patch(`/v1/users/${ada.id}`, { teamIds: [europe.id] });
    const { data } = await api.get<List<Fields>>(`/v1/users/${ada.id}/history`);
    expect(await api.post(`/v1/users/${ada.id}:undo`, { eventId: data[0]!['eventId'] })).toMatchObject({
      teamIds: [north.id],
    });
    const found = await api.get<List<Fields>>(`/v1/users?filter=${encodeURIComponent('email = "ADA@example.org"')}`);
    expect(found.data.map(({ id }) => id)).toEqual([ada.id]);
    expect(await problemOf(api.post('/v1/users', { name: 'Eda', email: ' Ada@EXAMPLE.org' }))).toMatchObject({
      status: 400,
    });
    expect(await problemOf(api.post('/v1/users', { name: 'Eda', email: 'Ada@EXAMPLE.org' }))).toMatchObject({
      status: 409,
      code: 'email-taken',
      errors: [{ pointer: '/email' }],
    });
  });

  it('never loses the last administrator', async () => {
    const boss = await api.post('/v1/users', { name: 'Boss', roleIds: [await roleCalled('administrator')] });
    const last = { status: 409, code: 'last-administrator' };
    expect(await problemOf(api.post(`/v1/users/${boss.id}:deactivate`))).toMatchObject(last);
    expect(await problemOf(api.patch(`/v1/users/${boss.id}`, { roleIds: null }))).toMatchObject(last);
    await api.post('/v1/users', { name: 'Deputy', roleIds: [await roleCalled('administrator')] });
    expect(await api.post(`/v1/users/${boss.id}:deactivate`)).toMatchObject({ info: { archived: true } });
    expect(await api.post(`/v1/users/${boss.id}:activate`)).toMatchObject({ info: { archived: false } });
  });

  it('is seen by everybody who works with records, and changed by administrators', async () => {
    const viewer = await api.clientFor(['viewer']);
    expect(await viewer.get('/v1/users')).toHaveProperty('data');
    expect(await viewer.get('/v1/tenant')).toMatchObject({ weekStartsOn: 'monday' });
    expect(await problemOf(viewer.patch('/v1/tenant', { currency: 'EUR' }))).toMatchObject({ status: 403 });
    expect(await api.patch('/v1/tenant', { currency: 'EUR', timeZone: 'Europe/Berlin' })).toMatchObject({
      currency: 'EUR',
    });
    expect(await problemOf(api.patch('/v1/tenant', { timeZone: 'Moon/Base' }))).toMatchObject({
      code: 'unknown-time-zone',
    });
  });

  it('is told to others in the feed, names sealed nowhere but on the disk', async () => {
    const { data } = await api.get<List<{ type: string }>>('/v1/events?limit=500');
    const types = data.map(({ type }) => type);
    for (const type of ['RoleCreated', 'TenantCreated', 'UserCreated', 'UserEdited', 'TeamCreated'])
      expect(types).toContain(`rapport.identity.v1.${type}`);
    expect(types.filter((type) => /Email|Administrator/.test(type))).toEqual([]);
  });
});
