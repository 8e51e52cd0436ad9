import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identityV1 } from '@rapport/contracts';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { identityModule } from '../identity.module.js';
import { users } from '../records/users.js';
import { builtInRoleId } from '../tenant-opening.js';
import { GROUP } from './protocol/group-type.js';
import { SEARCH_REQUEST } from './protocol/listing.js';
import { PATCH_OP } from './protocol/patch.js';
import { ENTERPRISE_USER, USER } from './protocol/user-type.js';

const base = 'https://crm.example.org/scim/v2';
let service: RunningService;
let names: Map<string, readonly string[]>;
beforeEach(async () => {
  names = new Map();
  const domainNames = { texts: async (domain: string) => names.get(domain) ?? [] };
  service = await startInProcess(identityModule(await inMemoryEngines(), { domainNames }));
});
afterEach(() => service.close());

const invoke = async <A = never>(contract: string, method: string, request: object) =>
  (await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, callBy())) as A;

interface Answer {
  readonly status: number;
  readonly etag?: string;
  readonly location?: string;
  readonly body: Readonly<Record<string, unknown>> & {
    readonly id: string;
    readonly Resources: readonly { id: string }[];
  };
}

const scim = async (method: string, address: string, body?: object, marks: object = {}): Promise<Answer> => {
  const [path = '', query = ''] = address.split('?');
  const request = { method, path, query, base, body: body ? JSON.stringify(body) : '', ...marks };
  const answer = await invoke<identityV1.ScimAnswer>('Scim', method === 'GET' ? 'getScim' : 'changeScim', request);
  return { ...answer, body: (answer.body === '' ? undefined : JSON.parse(answer.body)) as Answer['body'] };
};
const create = (fields: object): Promise<Answer> => scim('POST', '/Users', { schemas: [USER], ...fields });
const group = (fields: object): Promise<Answer> => scim('POST', '/Groups', { schemas: [GROUP], ...fields });
const patch = (address: string, ...Operations: object[]): Promise<Answer> =>
  scim('PATCH', address, { schemas: [PATCH_OP], Operations });
const found = async (address: string): Promise<readonly string[]> =>
  (await scim('GET', address)).body.Resources.map(({ id }) => id);
const userOf = async (id: string): Promise<identityV1.User> => {
  await service.runtime.projection(users.projection).reach(await service.runtime.events.end(), 5_000);
  return invoke('Users', 'getUser', { id });
};
const encoded = encodeURIComponent;

const ada = {
  ...{ userName: 'Ada@example.org', externalId: 'hr-1', title: 'Countess', timezone: 'Europe/London' },
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.org', type: 'work', primary: true }],
  [ENTERPRISE_USER]: { department: 'Engines' },
};

describe('a user of a directory', () => {
  it('is a user of Rapport, with all that the directory says', async () => {
    const { status, location, etag, body } = await create(ada);
    expect([status, location, etag]).toEqual([201, `${base}/Users/${body.id}`, 'W/"0"']);
    expect(body).toMatchObject({ ...ada, schemas: [USER, ENTERPRISE_USER], active: true, meta: { location } });
    expect(await userOf(body.id)).toMatchObject({
      ...{ name: 'Ada Lovelace', email: 'ada@example.org', timeZone: 'Europe/London', externalId: 'hr-1' },
    });
    expect((await scim('GET', `/Users/${body.id}`)).body).toEqual(body);
  });

  it('is one for every name and address: nobody is taken over', async () => {
    await create(ada);
    await invoke('Users', 'createUser', { user: identityV1.User.fromPartial({ name: 'Bo', email: 'bo@example.org' }) });
    const conflict = { status: 409, body: { scimType: 'uniqueness', status: '409' } };
    expect(await create({ userName: 'ADA@EXAMPLE.ORG', emails: [{ value: 'x@example.org' }] })).toMatchObject(conflict);
    expect(await create({ userName: 'x', emails: ada.emails })).toMatchObject(conflict);
    expect(await create({ userName: 'bo@example.org' })).toMatchObject(conflict);
    const cy = await create({ userName: 'cy' });
    expect(
      await patch(`/Users/${cy.body.id}`, { op: 'replace', path: 'userName', value: 'ada@example.org' }),
    ).toMatchObject(conflict);
    expect(await found(`/Users?filter=${encoded('userName eq "bo@example.org"')}`)).toEqual([]);
  });

  it('is one who was here before, where the tenant has proved the domain', async () => {
    const bo = identityV1.User.fromPartial({ name: 'Bo', email: 'bo@example.org' });
    const { id } = await invoke<identityV1.User>('Users', 'createUser', { user: bo });
    const { record } = await invoke<identityV1.Domain>('Domains', 'nameDomain', { name: 'example.org' });
    names.set('example.org', [record]);
    expect((await create({ userName: 'BO@example.org' })).status).toBe(409);
    await invoke('Domains', 'proveDomain', { name: 'example.org' });
    expect(await create({ userName: 'BO@example.org', title: 'Baron' })).toMatchObject({ status: 201, body: { id } });
    expect((await create({ userName: 'bo@example.org' })).status).toBe(409);
    const cy = identityV1.User.fromPartial({ name: 'Cy', email: 'cy@example.org' });
    await invoke('Users', 'archiveUser', await invoke('Users', 'createUser', { user: cy }));
    expect((await create({ userName: 'cy@example.org' })).status).toBe(409);
  });

  it('is one of many who are sent at once', async () => {
    const sent = await Promise.all(Array.from({ length: 6 }, () => create({ userName: 'ada' })));
    expect(sent.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it('is replaced, and keeps the own preference', async () => {
    const { body } = await create(ada);
    const put = await scim('PUT', `/Users/${body.id}`, { schemas: [USER], userName: 'countess' });
    expect(put.body).toMatchObject({ id: body.id, userName: 'countess', active: true });
    expect(put.body).not.toHaveProperty('title');
    expect(await userOf(body.id)).toMatchObject({ name: 'countess', email: undefined, timeZone: 'Europe/London' });
    expect((await create({ userName: 'ada@example.org' })).status).toBe(201);
  });

  it('is deactivated and comes back, but never when an administrator sent them away', async () => {
    const { id } = (await create(ada)).body;
    const active = (value: unknown): Promise<Answer> => patch(`/Users/${id}`, { op: 'Replace', path: 'active', value });
    expect((await active('False')).body).toMatchObject({ active: false });
    expect(await userOf(id)).toMatchObject({ info: { archived: true } });
    expect((await patch(`/Users/${id}`, { op: 'add', path: 'title', value: 'Lady' })).body).toMatchObject({
      title: 'Lady',
      active: false,
    });
    expect((await active(true)).body).toMatchObject({ active: true });
    await invoke('Users', 'archiveUser', { id });
    expect(await active(true)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('administrator') },
    });
    expect((await active(false)).body).toMatchObject({ active: false });
    expect(await scim('PUT', `/Users/${id}`, { schemas: [USER], ...ada, active: true })).toMatchObject({ status: 409 });
    await invoke('Users', 'restoreUser', { id });
    expect((await active(false)).body).toMatchObject({ active: false });
    expect((await active(true)).body).toMatchObject({ active: true });
  });

  it('that is the last administrator stays', async () => {
    const { id } = (await create(ada)).body;
    const roleIds = [builtInRoleId('main', 'administrator')];
    await invoke('Users', 'updateUser', {
      id,
      user: identityV1.User.fromPartial({ roleIds }),
      updateMask: ['roleIds'],
    });
    expect((await patch(`/Users/${id}`, { op: 'replace', path: 'active', value: false })).status).toBe(409);
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(409);
    expect((await scim('GET', `/Users/${id}`)).body).toMatchObject({ active: true });
  });

  it('that is deleted is gone for the directory, and may be sent anew', async () => {
    const { id } = (await create(ada)).body;
    expect(await scim('DELETE', `/Users/${id}`)).toMatchObject({ status: 204 });
    for (const method of ['GET', 'DELETE', 'PATCH', 'PUT'])
      expect(
        await scim(method, `/Users/${id}`, {
          schemas: [USER, PATCH_OP],
          userName: 'x',
          Operations: [{ op: 'remove', path: 'title' }],
        }),
      ).toMatchObject({ status: 404 });
    expect(await userOf(id)).toMatchObject({ info: { archived: true }, directory: undefined });
    const again = await create(ada);
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(id);
  });

  it('has tags that tell one state from another', async () => {
    const { body, etag } = await create(ada);
    const title = { schemas: [PATCH_OP], Operations: [{ op: 'replace', path: 'title', value: 'Lady' }] };
    const address = `/Users/${body.id}`;
    expect(await scim('GET', address, undefined, { ifNoneMatch: etag })).toMatchObject({
      status: 304,
      body: undefined,
    });
    const changed = await scim('PATCH', address, title, { ifMatch: etag });
    expect([changed.status, changed.etag]).toEqual([200, 'W/"1"']);
    expect(await scim('PATCH', address, { ...title }, { ifMatch: 'W/"0"' })).toMatchObject({ status: 412 });
    expect(await scim('DELETE', address, undefined, { ifMatch: '"x"' })).toMatchObject({ status: 412 });
    expect(await scim('GET', address, undefined, { ifNoneMatch: etag })).toMatchObject({ status: 200 });
  });
});

describe('a group of a directory', () => {
  it('is a team, whose members have its roles', async () => {
    const [one, two] = [(await create({ userName: 'one' })).body.id, (await create({ userName: 'two' })).body.id];
    const made = await group({ displayName: 'Sales', externalId: 'g-1', members: [{ value: one }] });
    const { id } = made.body;
    expect(made).toMatchObject({ status: 201, location: `${base}/Groups/${id}` });
    expect(made.body['members']).toEqual([{ value: one, $ref: `${base}/Users/${one}`, type: 'User' }]);
    expect((await scim('GET', `/Users/${one}`)).body['groups']).toEqual([
      { value: id, $ref: `${base}/Groups/${id}`, display: 'Sales', type: 'direct' },
    ]);
    await patch(`/Groups/${id}`, { op: 'Add', path: 'members', value: [{ value: two }] });
    await patch(
      `/Groups/${id}`,
      { op: 'Remove', path: `members[value eq "${one}"]` },
      { op: 'replace', value: { id, displayName: 'Sales EU' } },
    );
    expect((await scim('GET', `/Groups/${id}`)).body).toMatchObject({
      displayName: 'Sales EU',
      members: [{ value: two }],
    });
    expect(await userOf(two)).toMatchObject({ teamIds: [id] });
    expect(await invoke('Teams', 'getTeam', { id })).toMatchObject({
      name: 'Sales EU',
      provisioned: true,
      externalId: 'g-1',
    });
    expect((await scim('GET', `/Groups/${id}?excludedAttributes=members`)).body).not.toHaveProperty('members');
    expect(await patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: 'nobody' }] })).toMatchObject({
      ...{ status: 400, body: { scimType: 'invalidValue' } },
    });
    expect((await scim('DELETE', `/Groups/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Groups/${id}`)).status).toBe(404);
    expect(await userOf(two)).toMatchObject({ teamIds: [] });
  });

  it('never gives the administrator’s role', async () => {
    await create(ada);
    const { id } = (await group({ displayName: 'Sales' })).body;
    const give = (role: 'administrator' | 'sales') => {
      const team = identityV1.Team.fromPartial({ roleIds: [builtInRoleId('main', role)] });
      return invoke('Teams', 'updateTeam', { id, team, updateMask: ['roleIds'] });
    };
    await expect(give('administrator')).rejects.toMatchObject({ code: 'role-not-for-teams' });
    expect(await give('sales')).toMatchObject({ roleIds: [builtInRoleId('main', 'sales')] });
  });

  it('changes its tag with its members', async () => {
    const { id } = (await create({ userName: 'one' })).body;
    const made = await group({ displayName: 'Sales' });
    const body = { schemas: [GROUP], displayName: 'Sales', members: [{ value: id }] };
    const put = await scim('PUT', `/Groups/${made.body.id}`, body, { ifMatch: made.etag });
    expect(put.status).toBe(200);
    expect(put.etag).not.toBe(made.etag);
    expect(await scim('PUT', `/Groups/${made.body.id}`, body, { ifMatch: made.etag })).toMatchObject({ status: 412 });
  });

  it('is none of the teams that were made here', async () => {
    const team = await invoke<identityV1.Team>('Teams', 'createTeam', {
      team: identityV1.Team.fromPartial({ name: 'Own' }),
    });
    expect((await scim('GET', `/Groups/${team.id}`)).status).toBe(404);
    const { id } = (await create({ userName: 'one' })).body;
    await invoke('Users', 'updateUser', {
      id,
      user: identityV1.User.fromPartial({ teamIds: [team.id] }),
      updateMask: ['teamIds'],
    });
    expect((await scim('GET', `/Users/${id}`)).body).not.toHaveProperty('groups');
    await scim('DELETE', `/Users/${id}`);
    expect(await userOf(id)).toMatchObject({ teamIds: [team.id] });
  });
});

describe('a list', () => {
  it('is filtered, sorted, paged and shown in part', async () => {
    const ids: string[] = [];
    for (const [userName, title] of [
      ['cy', 'b'],
      ['ada', 'c'],
      ['bo', undefined],
    ] as const)
      ids.push((await create({ userName, title, active: userName !== 'cy' })).body.id);
    const [cy, adas, bo] = ids as [string, string, string];
    expect(await found('/Users')).toEqual(ids);
    expect(await found('/Users?sortBy=userName')).toEqual([adas, bo, cy]);
    expect(await found('/Users?sortBy=title')).toEqual([cy, adas, bo]);
    expect(await found('/Users?sortBy=title&sortOrder=descending')).toEqual([bo, adas, cy]);
    expect(await found(`/Users?filter=${encoded('userName EQ "CY"')}`)).toEqual([cy]);
    expect(await found(`/Users?filter=${encoded('active eq false or title sw "c"')}`)).toEqual([cy, adas]);
    expect(await found(`/Users?filter=${encoded(`id eq "${bo}"`)}`)).toEqual([bo]);
    const page = await scim('GET', '/Users?startIndex=2&count=1&attributes=userName');
    expect(page.body).toEqual({
      ...{ schemas: [expect.stringContaining('ListResponse')], totalResults: 3, startIndex: 2, itemsPerPage: 1 },
      Resources: [{ schemas: [USER], id: adas, userName: 'ada' }],
    });
    expect((await scim('GET', '/Users?count=0')).body).toMatchObject({ totalResults: 3, itemsPerPage: 0 });
    expect((await scim('GET', '/Users?startIndex=-5&count=-1')).body).toMatchObject({ startIndex: 1, itemsPerPage: 0 });
    expect(await scim('GET', '/Users?count=x')).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(await scim('GET', '/Users?filter=x')).toMatchObject({ status: 400, body: { scimType: 'invalidFilter' } });
  });

  it('can be asked for in a body, of all types at once', async () => {
    const { id } = (await create({ userName: 'ada' })).body;
    const team = (await group({ displayName: 'ada' })).body.id;
    const search = (path: string, filter: string): Promise<Answer> =>
      scim('POST', path, { schemas: [SEARCH_REQUEST], filter, attributes: ['id'] });
    expect((await search('/Users/.search', 'userName pr')).body.Resources).toEqual([{ schemas: [USER], id }]);
    const both = await search('/.search', 'userName eq "ada" or displayName eq "ada"');
    expect(both.body.Resources.map((each) => each.id)).toEqual([id, team]);
  });
});

describe('what the provider says of itself', () => {
  it('is discovered', async () => {
    expect((await scim('GET', '/ServiceProviderConfig')).body).toMatchObject({
      bulk: { supported: false },
      etag: { supported: true },
    });
    expect(await found('/ResourceTypes')).toEqual(['User', 'Group']);
    expect(await found('/Schemas')).toEqual([USER, ENTERPRISE_USER, GROUP]);
    expect((await scim('GET', `/Schemas/${USER}`)).body).toMatchObject({ id: USER, name: 'User' });
    expect((await scim('GET', '/ResourceTypes/Group')).body).toMatchObject({ endpoint: '/Groups' });
    const statuses = [
      ...[
        ['GET', '/Schemas/x'],
        ['GET', '/Nothing'],
        ['GET', '/Users/x/y'],
        ['GET', '/Schemas?filter=x'],
      ],
      ...[
        ['POST', '/Schemas'],
        ['DELETE', '/Users'],
        ['POST', '/Users/x'],
        ['POST', '/Bulk'],
        ['GET', '/Me'],
      ],
    ].map(async ([method, path]) => (await scim(method!, path!)).status);
    expect(await Promise.all(statuses)).toEqual([404, 404, 404, 403, 405, 405, 405, 501, 501]);
    const error = await invoke<identityV1.ScimAnswer>('Scim', 'changeScim', {
      method: 'POST',
      path: '/Users',
      query: '',
      base,
      body: '{',
    });
    expect(JSON.parse(error.body)).toMatchObject({ scimType: 'invalidSyntax', status: '400' });
  });
});
