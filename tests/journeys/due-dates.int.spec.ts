import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { simulatedTime } from '@rapport/testing';
import type { Assembly } from './support/assembly.js';
import { everyEvent, rebuildAll } from './support/contents.js';
import { ADMINISTRATOR, Api, eventually, type Fields, Import, type List } from './support/index.js';
import { startStandaloneAssembly } from './support/standalone-assembly.js';

const DAY = 86_400_000;
/** Ahead of the machine by a day, so that no midnight of its own comes in between. */
const time = simulatedTime(Date.now() + DAY);
/** The day after so many others. */
const dayIn = (days: number): string => new Date(time.clock.now().getTime() + days * DAY).toISOString().slice(0, 10);

let rapport: Assembly;
beforeAll(async () => {
  rapport = await startStandaloneAssembly({}, time);
  await api().post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
});
afterAll(() => rapport.stop());

const api = (): Api => new Api(rapport.address, ADMINISTRATOR);
const create = (name: string, expectedCloseOn?: string): Promise<Fields> =>
  api().post('/v1/opportunities', { name, ...(expectedCloseOn && { expectedCloseOn }) });

/** A client of somebody who sells, once the opportunity is theirs. */
const ownerOf = async ({ id }: Fields): Promise<Api> => {
  const grants = [{ object: 'opportunity', action: 'read', scope: 'own' }];
  const role = await api().post('/v1/roles', { name: 'Seller', grants });
  const representative = await api().post('/v1/representatives', { name: 'Ada' });
  const fields = { name: 'Ada', roleIds: [role.id], representativeId: representative.id };
  const user = await api().post('/v1/users', fields);
  await api().patch(`/v1/opportunities/${id}`, { ownerId: representative.id });
  const { secret } = await api().post('/v1/api-keys', { name: 'Key', userId: user.id });
  return new Api(rapport.address, String(secret));
};

/** Names of what came due, as the feed has it. */
const cameDue = async (): Promise<readonly string[]> => {
  const events = await everyEvent(api(), 'event = "OpportunityCameDue"');
  const names = events.map(
    async ({ subject }) => (await api().get(`/v1/opportunities/${subject.split('/')[1]}`))['name'],
  );
  return (await Promise.all(names)).map(String).sort();
};

/** Lets so many days pass, and whatever comes due then. */
const pass = async (days: number): Promise<void> => {
  const { id } = await create(`after ${days} days`, dayIn(days - 1));
  time.advance(days * DAY);
  await time.passUntil('those days have passed', async () => {
    const { data } = await api().get<List<Fields>>(`/v1/opportunities/${id}/history`);
    return data[0]!['type'] === 'OpportunityCameDue';
  });
  await api().post(`/v1/opportunities/${id}:archive`);
};

const lastYears = [
  'Opportunity ID,Opportunity,Stage,Expected Close Date',
  'L-1,Of last year,New,2016-03-01',
  `L-2,To come,New,${dayIn(2)}`,
  '',
].join('\n');

describe('the day on which an order is expected', () => {
  it('passes once, for what is open then, and for nothing that lay in the past when it was told', async () => {
    const [won, archived, later, never] = [
      await create('Won', dayIn(0)),
      await create('Archived', dayIn(0)),
      await create('Later', dayIn(0)),
      await create('Never', dayIn(0)),
    ];
    const due = await create('Due', dayIn(0));
    const owner = await ownerOf(due);
    await create('Told too late', '2016-03-01');
    await Import.run(api(), 'opportunities', lastYears);
    await api().post(`/v1/opportunities/${won.id}:win`, {});
    await api().post(`/v1/opportunities/${archived.id}:archive`);
    await api().patch(`/v1/opportunities/${later.id}`, { expectedCloseOn: dayIn(2) });
    await api().patch(`/v1/opportunities/${never.id}`, { expectedCloseOn: null });
    await pass(1);
    expect(await cameDue()).toEqual(['Due', 'after 1 days']);
    const { data } = await api().get<List<Fields>>(`/v1/opportunities/${due.id}/history`);
    // Whose it is hears of that alone.
    const news = { kind: 'due', object: 'opportunity', recordId: due.id, what: 'OpportunityCameDue' };
    await eventually(async () =>
      (await owner.get<List<Fields>>('/v1/notifications')).data.some(({ kind }) => kind === 'due'),
    );
    expect(
      (await owner.get<List<Fields>>('/v1/notifications')).data.filter(({ kind }) => kind === 'due'),
    ).toMatchObject([news]);
    expect(data[0]).toMatchObject({ type: 'OpportunityCameDue', actor: { kind: 'system', id: 'timers' }, changes: [] });
    await api().post(`/v1/opportunities/${won.id}:reopen`, {});
    await api().post(`/v1/opportunities/${archived.id}:restore`);
    await pass(3);
    expect(await cameDue()).toEqual(['Due', 'Later', 'To come', 'after 1 days', 'after 3 days']);
  });

  it('is overdue from then on, in the list and by a filter', async () => {
    const filter = encodeURIComponent(`expectedCloseOn < ${dayIn(0)} AND status = "open"`);
    const { data } = await api().get<List<Fields>>(`/v1/opportunities?limit=100&filter=${filter}`);
    const names = ['Archived', 'Due', 'Later', 'Of last year', 'To come', 'Told too late', 'Won'];
    expect(data.map(({ name }) => name).sort()).toEqual(names);
    expect(data.every(({ overdue }) => overdue === true)).toBe(true);
    const all = await api().get<List<Fields>>('/v1/opportunities?limit=100&archived=true');
    expect(all.data.filter(({ overdue }) => overdue)).toHaveLength(names.length);
  });

  it('does not pass again after a restart, or when everything is built anew', async () => {
    const before = await cameDue();
    await rapport.restart();
    expect(await rebuildAll(api())).toContain('due_timers');
    await pass(1);
    expect(await cameDue()).toEqual([...before, 'after 1 days'].sort());
  });

  it('leaves a record to the import that made it', async () => {
    const imported = await Import.run(
      api(),
      'opportunities',
      `Opportunity ID,Opportunity,Stage,Expected Close Date\nR-1,To be taken back,New,${dayIn(0)}\n`,
    );
    await pass(1);
    expect(await cameDue()).toContain('To be taken back');
    expect((await imported.revert()).counts).toMatchObject({ restored: 1, kept: 0 });
  });
});
