import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { builtInRoles } from '@rapport/access';
import { identityV1, type typesV1 } from '@rapport/contracts';
import { prefixOf } from '@rapport/event-store';
import { type CallContext, fixedClock, idFrom, newId, START } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { identityModule } from './identity.module.js';
import { builtInRoleId } from './tenant-opening.js';

const clock = fixedClock('2026-01-01T09:00:00.000Z');
let service: RunningService;
let latest: string | undefined;

beforeEach(async () => {
  clock.set('2026-01-01T09:00:00.000Z');
  latest = undefined;
  service = await startInProcess(identityModule(await inMemoryEngines({ clock })));
});
afterEach(() => service.close());

/** A call that sees what the calls before it wrote. */
const invoke = async <A = never>(
  contract: string,
  method: string,
  request: object,
  given: Partial<CallContext> = {},
) => {
  const call = callBy({ consistency: latest, ...given });
  const answer = await service.backend.invoke(`rapport.identity.v1.${contract}Service`, method, request, call);
  latest = call.answer.consistency ?? latest;
  return answer as A;
};

const createUser = (fields: object, given = {}): Promise<identityV1.User> =>
  invoke('Users', 'createUser', { user: identityV1.User.fromPartial({ name: 'Somebody', ...fields }) }, given);
const updateUser = (id: string, fields: object): Promise<identityV1.User> =>
  invoke('Users', 'updateUser', { id, user: identityV1.User.fromPartial(fields), updateMask: Object.keys(fields) });
const createTeam = (fields: object): Promise<identityV1.Team> =>
  invoke('Teams', 'createTeam', { team: identityV1.Team.fromPartial({ name: 'Team', ...fields }) });
const administrator = builtInRoleId('main', 'administrator');
const viewer = builtInRoleId('main', 'viewer');
const other = { tenant: 'other', actor: { kind: 'user', id: 'eve' }, roles: ['administrator'] } as const;

describe('roles', () => {
  it('are there from the beginning in every tenant, once', async () => {
    const list = (given = {}) => invoke<identityV1.ListRolesResponse>('Roles', 'listRoles', {}, given);
    const [first, again] = await Promise.all([list(), list()]);
    expect(first).toEqual(again);
    expect(first.data.map(({ builtIn }) => builtIn).sort()).toEqual(Object.keys(builtInRoles).sort());
    const sales = first.data.find(({ builtIn }) => builtIn === 'sales')!;
    expect(sales).toMatchObject({ name: 'Sales', grants: builtInRoles.sales.grants, info: { revision: 0 } });
    const theirs = await list({ principal: other, consistency: undefined });
    expect(theirs.data.map(({ id }) => id)).not.toContain(sales.id);
  });

  it('can be copied and changed, but for the administrator’s', async () => {
    const copy = await invoke<identityV1.Role>('Roles', 'copyRole', { id: administrator, name: 'Nearly all' });
    expect(copy).toMatchObject({ name: 'Nearly all', grants: builtInRoles.administrator.grants, builtIn: undefined });
    const grants = [{ object: 'contact', action: 'read', scope: 'own' }];
    const change = { role: identityV1.Role.fromPartial({ grants }), updateMask: ['grants'] };
    expect(await invoke('Roles', 'updateRole', { id: copy.id, ...change })).toMatchObject({ grants });
    expect(await invoke('Roles', 'updateRole', { id: viewer, ...change })).toMatchObject({ grants, builtIn: 'viewer' });
    await expect(invoke('Roles', 'updateRole', { id: administrator, ...change })).rejects.toMatchObject({
      code: 'role-kept',
    });
  });

  it('that are not there cannot be given', async () => {
    const roleIds = [viewer, newId()];
    await expect(createUser({ roleIds })).rejects.toMatchObject({ code: 'role-not-found' });
    expect(await createUser({ roleIds: [viewer] })).toMatchObject({ roleIds: [viewer] });
  });
});

describe('an e-mail address', () => {
  const ada = { email: 'Ada@Example.org' };
  const taken = { code: 'email-taken', details: { fields: [{ pointer: '/email' }] } };

  it('is of one user of a tenant, however it is written', async () => {
    await createUser(ada);
    await expect(createUser({ email: 'ada@example.ORG ' })).rejects.toMatchObject(taken);
    const bo = await createUser({ email: 'bo@example.org' });
    await expect(updateUser(bo.id, ada)).rejects.toMatchObject(taken);
    expect(await createUser(ada, { principal: other })).toMatchObject(ada);
  });

  it('is of one of many who ask at once', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => createUser(ada)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is free once its user has another one, and comes back by an undo only while it is', async () => {
    const { id } = await createUser(ada);
    await updateUser(id, { email: 'countess@example.org' });
    const history: typesV1.ListHistoryResponse = await invoke('Users', 'listUserHistory', { id });
    const second = await createUser(ada);
    const undo = { id, eventId: history.data[0]!.eventId };
    await expect(invoke('Users', 'undoUserChange', undo)).rejects.toMatchObject({ code: 'email-taken' });
    await updateUser(second.id, { email: undefined });
    expect(await invoke('Users', 'undoUserChange', undo)).toMatchObject(ada);
  });

  it('stays with a deactivated user, and goes with an erased one', async () => {
    const { id } = await createUser(ada);
    await invoke('Users', 'archiveUser', { id });
    await expect(createUser(ada)).rejects.toMatchObject(taken);
    await invoke('Users', 'eraseUser', { id });
    expect(await createUser(ada)).toMatchObject(ada);
  });

  it('that was reserved for somebody who never came is free after a while', async () => {
    const { id } = await createUser(ada);
    await updateUser(id, { email: undefined });
    const [stream] = (await addressEvents()).map((event) => event.stream);
    const lost = { type: 'EmailReserved', data: { userId: newId() } };
    const metadata = { tenant: 'main', actor: { kind: 'system', id: 'x' }, correlationId: 'x', commandId: newId() };
    const event = {
      ...lost,
      id: newId(),
      metadata: { ...metadata, occurredAt: '2026-01-01T09:00:00.000Z', schemaVersion: 1 },
    };
    await service.runtime.events.append(stream!, [event as never], 'exists');
    await expect(createUser(ada)).rejects.toMatchObject(taken);
    clock.set('2027-01-01T09:00:00.000Z');
    expect(await createUser(ada)).toMatchObject(ada);
  });

  it('is nowhere in what is stored of it', async () => {
    await createUser(ada);
    const stored = JSON.stringify(await addressEvents());
    expect(stored).toContain('EmailReserved');
    expect(stored.toLowerCase()).not.toContain('ada@');
    expect(stored).not.toContain(idFrom('ada@example.org'));
  });

  const addressEvents = async () => {
    const { signal } = new AbortController();
    const prefixes = [prefixOf('email')];
    for await (const page of service.runtime.events.follow({ prefixes, after: START, signal })) return page.events;
    return [];
  };
});

describe('the last administrator', () => {
  const last = { code: 'last-administrator' };

  it('neither goes nor loses the role, whichever way is tried', async () => {
    const { id } = await createUser({ roleIds: [viewer] });
    await updateUser(id, { roleIds: [administrator] });
    const history: typesV1.ListHistoryResponse = await invoke('Users', 'listUserHistory', { id });
    const [given] = history.data;
    const batch = { rows: [identityV1.BatchUsersRow.fromPartial({ archive: { id } })] };
    const ways: readonly [string, object][] = [
      ['archiveUser', { id }],
      ['eraseUser', { id }],
      ['updateUser', { id, user: identityV1.User.fromPartial({ roleIds: [viewer] }), updateMask: ['roleIds'] }],
      ['undoUserChange', { id, eventId: given!.eventId }],
    ];
    for (const [method, request] of ways) await expect(invoke('Users', method, request)).rejects.toMatchObject(last);
    expect(await invoke('Users', 'batchUsers', batch)).toMatchObject({ data: [{ status: 409, problem: last }] });
    expect(await invoke('Users', 'getUser', { id })).toMatchObject({ roleIds: [administrator] });
  });

  it('goes once there is another one, and whoever comes back is one again', async () => {
    const [ada, bo] = [await createUser({ roleIds: [administrator] }), await createUser({ roleIds: [administrator] })];
    await invoke('Users', 'archiveUser', { id: ada.id });
    await expect(invoke('Users', 'archiveUser', { id: bo.id })).rejects.toMatchObject(last);
    await invoke('Users', 'restoreUser', { id: ada.id });
    await invoke('Users', 'archiveUser', { id: bo.id });
    await expect(invoke('Users', 'archiveUser', { id: ada.id })).rejects.toMatchObject(last);
  });

  it('is left when all of them are sent away at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => createUser({ roleIds: [administrator] })));
    const gone = await Promise.allSettled(all.map(({ id }) => invoke('Users', 'archiveUser', { id })));
    expect(gone.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });
});

describe('teams', () => {
  it('stand under one another, and none under itself', async () => {
    const [world, europe] = [await createTeam({}), await createTeam({})];
    const under = (id: string, parentId: string) =>
      invoke('Teams', 'updateTeam', { id, team: identityV1.Team.fromPartial({ parentId }), updateMask: ['parentId'] });
    expect(await under(europe.id, world.id)).toMatchObject({ parentId: world.id });
    await expect(under(world.id, europe.id)).rejects.toMatchObject({ code: 'under-itself' });
    await expect(createUser({ teamIds: [europe.id, newId()] })).rejects.toMatchObject({ code: 'team-not-found' });
    const user = await createUser({ teamIds: [europe.id, world.id] });
    const found: identityV1.ListUsersResponse = await invoke('Users', 'listUsers', {
      filter: `teamIds = "${world.id}"`,
    });
    expect(found.data.map(({ id }) => id)).toEqual([user.id]);
  });
});

describe('the settings of a tenant', () => {
  it('are there, change, are taken back and are known as of any day', async () => {
    expect(await invoke('Tenant', 'getTenant', {})).toMatchObject({ weekStartsOn: 'monday', fiscalYearStartsIn: 1 });
    clock.set('2026-02-01T09:00:00.000Z');
    const set = { timeZone: 'America/New_York', currency: 'USD', fiscalYearStartsIn: 4 };
    const change = { tenant: identityV1.Tenant.fromPartial(set), updateMask: Object.keys(set) };
    expect(await invoke('Tenant', 'updateTenant', change)).toMatchObject({ ...set, locale: 'en' });
    const asOf = await invoke('Tenant', 'getTenant', { asOf: '2026-01-15' });
    expect(asOf).toMatchObject({ fiscalYearStartsIn: 1, currency: undefined });
    const { data }: typesV1.ListHistoryResponse = await invoke('Tenant', 'listTenantHistory', {});
    expect(data.map(({ type }) => type)).toEqual(['TenantEdited', 'TenantCreated']);
    const undone = await invoke('Tenant', 'undoTenantChange', { eventId: data[0]!.eventId });
    expect(undone).toMatchObject({ fiscalYearStartsIn: 1, timeZone: undefined });
  });

  it('are every tenant’s own', async () => {
    const change = { tenant: identityV1.Tenant.fromPartial({ name: 'Acme' }), updateMask: ['name'] };
    await invoke('Tenant', 'updateTenant', change);
    const theirs = await invoke('Tenant', 'getTenant', {}, { principal: other, consistency: undefined });
    expect(theirs).toMatchObject({ name: undefined });
  });
});
