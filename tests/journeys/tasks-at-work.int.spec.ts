import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { simulatedTime } from '@rapport/testing';
import type { Assembly } from './support/assembly.js';
import { ADMINISTRATOR, Api, eventually, type Fields, grant, type List } from './support/index.js';
import { startStandaloneAssembly } from './support/standalone-assembly.js';

const HOUR = 3_600_000;
const time = simulatedTime(Date.now());
const inHours = (hours: number): string => new Date(time.clock.now().getTime() + hours * HOUR).toISOString();

let rapport: Assembly;
let api: Api;
let bo: { readonly id: string; readonly api: Api };

const write = (fields: object): Promise<Fields> => api.post('/v1/activities', fields);
const told = async (kind: string): Promise<readonly Fields[]> => {
  const { data } = await bo.api.get<List<Fields>>('/v1/notifications?limit=100');
  return data.filter((each) => each['kind'] === kind);
};
const isTold = (kind: string, { id }: Fields): Promise<boolean> =>
  eventually(async () => (await told(kind)).some(({ recordId }) => recordId === id));
const followers = async ({ id }: Fields): Promise<readonly Fields[]> =>
  (await api.get<List<Fields>>(`/v1/activities?filter=followsId = "${id}"`)).data;

beforeAll(async () => {
  rapport = await startStandaloneAssembly({}, time);
  api = new Api(rapport.address, ADMINISTRATOR);
  const role = await api.post('/v1/roles', { name: 'Works', grants: [grant('activity', 'read', 'all')] });
  const { id } = await api.post<Fields>('/v1/users', { name: 'Bo', roleIds: [role.id] });
  const { secret } = await api.post<Fields>('/v1/api-keys', { name: 'Key', userId: id });
  bo = { id, api: new Api(rapport.address, String(secret)) };
});
afterAll(() => rapport.stop());

describe('a task', () => {
  it('is told to whom it is given, and reminds them while it is to be done', async () => {
    const [task, done] = [
      await write({ kind: 'task', subject: 'Call back', ownerId: bo.id, remindAt: inHours(1) }),
      await write({ kind: 'task', subject: 'Done by then', ownerId: bo.id, remindAt: inHours(1) }),
    ];
    await isTold('assigned', task);
    await api.post(`/v1/activities/${done.id}:complete`);
    await time.passUntil('it is told', async () => (await told('due')).length > 0);
    expect(await told('due')).toMatchObject([{ object: 'activity', recordId: task.id, what: 'TaskReminded' }]);
  });

  it('that comes again is followed by the next when it is completed, once', async () => {
    const asked = { kind: 'task', subject: 'Report', dueOn: '2026-03-02', recurrence: 'FREQ=WEEKLY;COUNT=2' };
    const first = await write({ ...asked, remindAt: '2026-03-01T09:00:00Z', ownerId: bo.id, tags: ['weekly'] });
    for (let n = 0; n < 2; n += 1) {
      await api.post(`/v1/activities/${first.id}:complete`);
      await api.post(`/v1/activities/${first.id}:reopen`);
    }
    await api.post(`/v1/activities/${first.id}:complete`);
    await eventually(async () => (await followers(first)).length > 0);
    const [next, ...others] = await followers(first);
    expect(others).toEqual([]);
    expect(next).toMatchObject({
      ...{ subject: 'Report', status: 'not-started', dueOn: '2026-03-09', recurrence: 'FREQ=WEEKLY;COUNT=1' },
      ...{ remindAt: '2026-03-08T09:00:00.000Z', ownerId: bo.id, tags: ['weekly'] },
    });
    expect(next).not.toHaveProperty('completedAt');
    // The last that the rule counts: what is completed after it shows that nothing more was made.
    await api.post(`/v1/activities/${next!.id}:complete`);
    const other = await write({ ...asked, dueOn: '2026-04-06' });
    await api.post(`/v1/activities/${other.id}:complete`);
    await eventually(async () => (await followers(other)).length === 1);
    expect(await followers(next!)).toEqual([]);
  });
});

describe('a mention', () => {
  it('is told once to whoever is mentioned', async () => {
    const note = await write({ kind: 'note', text: 'Bo, look at this', mentions: [bo.id] });
    await isTold('mentioned', note);
    await api.patch(`/v1/activities/${note.id}`, { text: 'Bo, look at that' });
    const later = await write({ kind: 'note', text: 'And at this' });
    await api.patch(`/v1/activities/${later.id}`, { mentions: [bo.id] });
    await isTold('mentioned', later);
    expect((await told('mentioned')).map(({ recordId }) => recordId).sort()).toEqual([note.id, later.id].sort());
  });
});
