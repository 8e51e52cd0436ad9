import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { streamName } from '@rapport/event-store';
import { idFrom, newId } from '@rapport/kernel';
import { EVENTS_SCHEMA, openDatabase, SqliteEventStore } from '@rapport/sqlite';
import { temporaryFolder } from '../journeys/support/child-process.js';
import { Api, eventually, type Fields, type List, Rapport } from '../journeys/support/index.js';

const folder = temporaryFolder();
const read = (object: string, scope = 'all') => ({ object, action: 'read', scope });
const PEOPLE = [read('contact'), read('account')];
const byRapport = { kind: 'system', id: 'identity' } as const;

/** Roles of a tenant as a program before them left them: what they say, and perhaps what somebody has made of it. */
const ROLES = {
  'privacy-officer': [
    [
      byRapport,
      'RoleCreated',
      {
        name: 'Privacy officer',
        description: 'Looks people up and has them forgotten.',
        grants: [
          ...PEOPLE,
          ...['contact', 'representative', 'user'].map((object) => ({ ...read(object), action: 'erase' })),
        ],
      },
    ],
  ],
  viewer: [
    [byRapport, 'RoleCreated', { name: 'Viewer', description: 'Looks at everything.', grants: PEOPLE }],
    [{ kind: 'user', id: newId() }, 'RoleEdited', { set: { grants: [read('contact', 'own')] } }],
  ],
} as const;

const idOf = (name: string): string => idFrom('role', 'main', name);

const left = async (): Promise<void> => {
  const facts = openDatabase({ file: join(folder.path, 'identity.db'), schema: EVENTS_SCHEMA, secureDelete: true });
  const store = new SqliteEventStore(facts);
  for (const [name, happened] of Object.entries(ROLES)) {
    const events = happened.map(([actor, type, data]) => ({
      ...{ id: newId(), type, data: type === 'RoleCreated' ? { ...data, builtIn: name } : data },
      metadata: {
        ...{ tenant: 'main', actor, correlationId: 'c', commandId: newId(), schemaVersion: 1 },
        occurredAt: '2026-11-28T12:00:00.000Z',
      },
    }));
    await store.append(streamName('role', 'main', idOf(name)), events, 'no-stream');
  }
  await store.close();
  await facts.close();
};

let rapport: Rapport;
beforeAll(async () => {
  await left();
  rapport = await Rapport.start({ RAPPORT_DATA: folder.path });
});
afterAll(async () => {
  await rapport.stop();
  folder.remove();
});

const history = async (name: string): Promise<readonly Fields[]> =>
  (await rapport.api.get<List<Fields>>(`/v1/roles/${idOf(name)}/history`)).data;

it('a role that nobody has changed says what it says today, once, and its history tells', async () => {
  await eventually(async () => (await history('privacy-officer')).length > 1);
  const role = await rapport.api.get<Fields>(`/v1/roles/${idOf('privacy-officer')}`);
  expect(role['grants']).toContainEqual(read('auditEntry'));
  const userId = (await rapport.api.post('/v1/users', { name: 'Ada', kind: 'service', roleIds: [role.id] })).id;
  const { secret } = await rapport.api.post('/v1/api-keys', { name: 'Key', userId });
  expect((await new Api(rapport.api.address, secret as string).fetch('GET', '/v1/audit/identity/entries')).status).toBe(
    200,
  );
  await rapport.restart();
  expect(await history('privacy-officer')).toMatchObject([
    { type: 'RoleEdited', actor: { kind: 'system', id: 'follow-built-in-roles' } },
    { type: 'RoleCreated' },
  ]);
});

it('one that somebody has changed is left, and says that it is behind', async () => {
  const viewer = await eventually(
    () => rapport.api.get<Fields>(`/v1/roles/${idOf('viewer')}`),
    ({ behind }) => behind === true,
  );
  expect(viewer).toMatchObject({ grants: [read('contact', 'own')] });
  expect(await history('viewer')).toMatchObject([
    { type: 'RoleEdited', changes: [{ field: 'behind', to: true }] },
    { type: 'RoleEdited', actor: { kind: 'user' } },
    { type: 'RoleCreated' },
  ]);
  const { data } = await rapport.api.get<List<Fields>>('/v1/roles?filter=behind = true');
  expect(data.map(({ builtIn }) => builtIn)).toEqual(['viewer']);
});
