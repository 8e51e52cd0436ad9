import { identityV1 } from '@rapport/contracts';
import { identityModule, identityService } from '@rapport/identity';
import { idFrom } from '@rapport/kernel';
import { type GoldenAggregate, TENANT } from './golden-events.js';
import { lifeOf, recordOf } from './life-of-a-record.js';

const teamId = '01940000-0000-7000-8000-000000000011';
const managerId = '01940000-0000-7000-8000-000000000012';
const roleId = '01940000-0000-7000-8000-000000000013';

const identity = { context: 'identity', module: identityModule, versions: [1] };
const [users, teams, roles] = ['user', 'team', 'role'].map((name) => recordOf(identityService, name)) as [
  ReturnType<typeof recordOf>,
  ReturnType<typeof recordOf>,
  ReturnType<typeof recordOf>,
];

const given: GoldenAggregate['given'] = [
  ['team', teamId, { type: 'TeamCreated', schemaVersion: 1, data: { name: 'Europe' } }],
  ['user', managerId, { type: 'UserCreated', schemaVersion: 1, data: { name: 'Bo' } }],
  ['role', roleId, { type: 'RoleCreated', schemaVersion: 1, data: { name: 'Rep' } }],
];

const user: GoldenAggregate = {
  ...{ ...identity, aggregate: 'user', given },
  produce: async (invoke) => {
    const made = await lifeOf(
      invoke,
      users,
      {
        ...{ name: 'Ada Lovelace', email: 'ada@example.org', kind: 'person', locale: 'en-GB' },
        ...{ timeZone: 'Europe/London', teamIds: [teamId], roleIds: [roleId], externalId: 'hr-1' },
      },
      { teamIds: [], locale: 'en', timeZone: undefined },
    );
    const { id } = made;
    await invoke(users.service, 'holdUser', { id, reason: 'Case 17' });
    await invoke(users.service, 'restrictUser', { id, reason: 'Says that it is wrong' });
    await invoke(users.service, 'unrestrictUser', { id });
    await invoke(users.service, 'releaseUser', { id });
    await invoke(users.service, 'rectifyUser', {
      ...{ id, user: identityV1.User.fromPartial({ name: 'Ada King' }), updateMask: ['name'] },
      ...{ askedBy: 'Ada King', askedAt: '2025-12-30T09:00:00Z', note: 'My name is King' },
    });
    return made;
  },
  erase: (invoke, id) => invoke(users.service, 'eraseUser', { id }),
  drawn: ['receiptId'],
  read: (invoke, id) => invoke(users.service, 'getUser', { id }),
};

const team: GoldenAggregate = {
  ...{ ...identity, aggregate: 'team', given },
  produce: (invoke) =>
    lifeOf(
      invoke,
      teams,
      { name: 'Sales East', parentId: teamId, managerId, region: 'East', externalId: 'hr-2' },
      { region: 'North-East', managerId: undefined },
    ),
  read: (invoke, id) => invoke(teams.service, 'getTeam', { id }),
};

const role: GoldenAggregate = {
  ...{ ...identity, aggregate: 'role' },
  produce: (invoke) =>
    lifeOf(
      invoke,
      roles,
      {
        ...{ name: 'Rep', description: 'Sells in a region' },
        grants: [
          { object: 'contact', action: 'read', scope: 'all' },
          { object: 'opportunity', action: '*', scope: 'team-and-below' },
        ],
        fields: [{ object: 'account', field: 'revenue', access: 'hidden' }],
      },
      { grants: [{ object: '*', action: 'read', scope: 'own' }], fields: [] },
    ),
  read: (invoke, id) => invoke(roles.service, 'getRole', { id }),
};

const SETTINGS = 'rapport.identity.v1.TenantService';

const tenant: GoldenAggregate = {
  ...{ ...identity, aggregate: 'tenant', onlyId: idFrom('tenant', TENANT) },
  produce: async (invoke) => {
    const settings = { name: 'Acme', timeZone: 'America/New_York', currency: 'USD', fiscalYearStartsIn: 4 };
    const { id } = await invoke(SETTINGS, 'getTenant', {});
    await invoke(SETTINGS, 'updateTenant', { tenant: settings, updateMask: Object.keys(settings) });
    const history = (await invoke(SETTINGS, 'listTenantHistory', {})) as { data?: readonly { eventId: string }[] };
    await invoke(SETTINGS, 'undoTenantChange', { eventId: history.data![0]!.eventId });
    return { id: id! };
  },
  read: (invoke) => invoke(SETTINGS, 'getTenant', {}),
};

export const identityGolden = [user, team, role, tenant];
