import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Asked,
  type Fields,
  grant,
  type List,
  problemOf,
  Rapport,
  somebody as somebodyOf,
} from './support/index.js';

let rapport: Rapport;
let team: string;

const make = async (list: string, fields: object): Promise<string> =>
  (await rapport.api.post(`/v1/${list}`, fields)).id;
const somebody = (role: Asked['role'], user: Asked['user'] = {}) => somebodyOf(rapport.api, { role, user });

beforeAll(async () => {
  rapport = await Rapport.start();
  team = await make('teams', { name: 'West' });
});
afterAll(() => rapport.stop());

describe('somebody who looks after users', () => {
  const apiKeys = ['create', 'edit', 'read'].map((action) => grant('apiKey', action, 'all'));

  it('gives nobody more than there is, and comes in as nobody else', async () => {
    const roles = ['create', 'read'].map((action) => grant('role', action, 'all'));
    const grants = [grant('user', '*', 'all'), grant('team', 'read', 'all'), ...roles, ...apiKeys];
    const { api, id } = await somebody({ grants });
    const { data } = await rapport.api.get<List<Fields>>('/v1/roles?filter=builtIn="administrator"');
    const roleIds = [data[0]!.id];
    const boss = await make('users', { name: 'Boss', roleIds });
    const { id: key } = await rapport.api.post('/v1/api-keys', { name: "Boss's", userId: boss });
    const refused = {
      'read-only-field': [
        api.patch(`/v1/users/${id}`, { roleIds }),
        api.patch(`/v1/users/${id}`, { teamIds: [team] }),
        api.post('/v1/users', { name: 'Another', roleIds }),
      ],
      'not-yours-to-give': [
        api.post('/v1/api-keys', { name: 'Key', userId: boss }),
        api.post(`/v1/api-keys/${key}:rotate`, {}),
        api.post(`/v1/users/${boss}:invite`),
        api.post('/v1/access-tokens', { name: 'Token', roles: ['administrator'] }),
      ],
    };
    for (const [code, calls] of Object.entries(refused))
      for (const call of calls) expect(await problemOf(call)).toMatchObject({ status: 403, code });
    expect(await api.patch(`/v1/users/${boss}`, { locale: 'en-GB' })).toMatchObject({ locale: 'en-GB' });
    await api.post('/v1/api-keys', { name: 'Own', userId: id });
  });
});

describe('somebody who looks after roles and teams', () => {
  it('does not bring back what those gave whom it was taken from', async () => {
    const { id: given } = await rapport.api.post('/v1/roles', {
      name: 'Sees all',
      grants: [grant('*', 'read', 'all')],
    });
    const empty = await make('roles', { name: 'Gives nothing' });
    const giving = await make('teams', { name: 'With a role', roleIds: [given] });
    const grants = ['role', 'team'].flatMap((object) => [grant(object, 'read', 'all'), grant(object, 'delete', 'all')]);
    const { api } = await somebody({ grants: [...grants, grant('team', 'edit', 'all')] }, { roleIds: [given] });
    for (const path of [`/v1/roles/${given}`, `/v1/teams/${giving}`, `/v1/roles/${empty}`]) {
      await api.delete(path);
      const restored = api.post(`${path}:restore`);
      if (path.endsWith(empty)) expect(await restored).toMatchObject({ name: 'Gives nothing' });
      else expect(await problemOf(restored)).toMatchObject({ status: 403, code: 'not-yours-to-give' });
    }
    const { data } = await rapport.api.get<List<Fields>>(`/v1/teams/${giving}/history`);
    const undone = api.post(`/v1/teams/${giving}:undo`, { eventId: data[0]!['eventId'] });
    expect(await problemOf(undone)).toMatchObject({ status: 403, code: 'not-yours-to-give' });
    const own = await make('teams', { name: 'Of one who edits teams' });
    const taken = api.patch(`/v1/teams/${own}`, { roleIds: [given] });
    expect(await problemOf(taken)).toMatchObject({ status: 403 });
    expect(await rapport.api.post(`/v1/roles/${given}:restore`)).toMatchObject({ name: 'Sees all' });
  });
});
