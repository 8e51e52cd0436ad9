import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, type Fields, type List, Rapport } from './support/index.js';

let rapport: Rapport;
let api: Api;
let key: string;

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** What a directory sends, byte for byte; it knows nothing of Rapport but SCIM. */
const scim = async (method: string, path: string, body?: object, secret = key): Promise<Answer> => {
  const response = await fetch(`${api.address}/scim/v2${path}`, {
    method,
    headers: {
      ...(secret && { authorization: `Bearer ${secret}` }),
      ...(body && { 'content-type': 'application/scim+json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    ...{ status: response.status, type: response.headers.get('content-type') },
    body: (text === '' ? {} : JSON.parse(text)) as Answer['body'],
  };
};

const roleCalled = async (name: string): Promise<string> => {
  const { data } = await api.get<List<Fields>>(`/v1/roles?filter=${encodeURIComponent(`builtIn = "${name}"`)}`);
  return data[0]!.id;
};
const keyOf = async (userId: string): Promise<string> =>
  (await api.post<{ secret: string }>('/v1/api-keys', { name: 'key', userId })).secret;

beforeAll(async () => {
  rapport = await Rapport.start();
  ({ api } = rapport);
  const roleIds = [await roleCalled('provisioning')];
  key = await keyOf((await api.post('/v1/users', { name: 'Directory', kind: 'service', roleIds })).id);
});
afterAll(() => rapport.stop());

const USER = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'] };
const GROUP = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] };
const patchOf = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});

describe('a directory', () => {
  it('comes with a key that may provision, and nothing else', async () => {
    expect(await scim('GET', '/Users', undefined, '')).toMatchObject({ status: 401, body: { status: '401' } });
    const viewer = await api.post('/v1/users', { name: 'V', kind: 'service', roleIds: [await roleCalled('viewer')] });
    const refused = await scim('GET', '/Users', undefined, await keyOf(viewer.id));
    expect(refused).toMatchObject({ status: 403, type: expect.stringContaining('application/scim+json') });
    expect(await new Api(api.address, key).fetch('GET', '/v1/users')).toMatchObject({ status: 403 });
    expect(await scim('GET', '/Users')).toMatchObject({ status: 200, body: { totalResults: 0 } });
    expect(await scim('POST', '/Users', 'no object' as never)).toMatchObject({ status: 400 });
  });

  it('sends people, who may do what their groups may, and are out with one request', async () => {
    const made = await scim('POST', '/Users', { ...USER, userName: 'ada@example.org', displayName: 'Ada' });
    expect(made).toMatchObject({ status: 201, type: expect.stringContaining('application/scim+json') });
    const { id } = made.body;
    const group = await scim('POST', '/Groups', { ...GROUP, displayName: 'Sales', members: [{ value: id }] });
    await api.patch(`/v1/teams/${group.body.id}`, { roleIds: [await roleCalled('sales')] });
    const hers = new Api(api.address, await keyOf(id));
    expect(await hers.get('/v1/me')).toMatchObject({ roles: ['sales'] });
    expect(
      (await scim('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'active', value: 'False' }))).status,
    ).toBe(200);
    expect((await hers.fetch('GET', '/v1/me')).status).toBe(401);
    const { data } = await api.get<List<Fields>>(`/v1/users/${id}/history`);
    expect(data[0]).toMatchObject({ type: 'UserArchived', actor: { kind: 'system', id: 'provisioning' } });
    await scim('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'active', value: 'True' }));
    const nobody = { op: 'Remove', path: 'members', value: [{ value: id }] };
    expect((await scim('PATCH', `/Groups/${group.body.id}`, patchOf(nobody))).body).not.toHaveProperty('members');
    expect(await new Api(api.address, await keyOf(id)).get('/v1/me')).toMatchObject({ roles: [] });
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
  });
});
