import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { problemOf, type Fields, type List } from './support/api.js';
import { ServerProcess, temporaryFolder } from './support/child-process.js';
import { eventually } from './support/eventually.js';
import { userMade } from './support/user-made.js';
import { Import } from './support/imports.js';
import { remainsOf } from './support/remains.js';

jest.setTimeout(240_000);

const ADA = { firstName: 'Quirinella', lastName: 'Zwtterqvist', email: 'qzella@zwtterqvist.example' };
const VALUES = Object.values(ADA);
const MANY = 4_000;

let folder: ReturnType<typeof temporaryFolder>;
let server: ServerProcess;
const start = async (): Promise<void> => {
  server = await ServerProcess.start({ data: folder.path });
};
beforeEach(async () => {
  folder = temporaryFolder();
  await start();
});
afterEach(async () => {
  await server.kill();
  folder.remove();
});

const file = (name: string): string => join(folder.path, name);
const create = async (contact: object = ADA): Promise<string> => (await server.api.post('/v1/contacts', contact)).id;
const erase = (id: string): Promise<Fields> => server.api.post(`/v1/contacts/${id}:erase`);
const rebuild = (): Promise<Fields> => server.api.post('/v1/operations/contacts/projections/contacts:rebuild');

const others = async (): Promise<void> => {
  const rows = Array.from({ length: MANY }, (_, n) => `Somebody ${n},somebody${n}@else.example`);
  await Import.run(server.api, 'contacts', ['Last Name,Email', ...rows].join('\n'));
};

/** Generations of the list of contacts that hold documents. */
const generations = (): number => {
  const views = new DatabaseSync(file('contacts-views.db'), { readOnly: true });
  try {
    const tables = views.prepare("SELECT table_id FROM read_model_generations WHERE name = 'contacts'").all();
    return tables.filter(({ table_id: id }) => {
      return Number(views.prepare(`SELECT count(*) AS n FROM read_model_${Number(id)}`).get()!['n']) > 0;
    }).length;
  } finally {
    views.close();
  }
};

describe('an erasure and a read model that is being rebuilt', () => {
  it('leaves nothing in what a killed rebuild had built', async () => {
    const id = await create();
    await others();
    const rebuilding = rebuild().catch(() => undefined);
    await eventually(generations, (count) => count === 2);
    await server.kill();
    await rebuilding;
    expect(remainsOf(folder.path, VALUES)).not.toEqual([]);
    await start();
    expect(generations()).toBe(1);
    await erase(id);
    expect(remainsOf(folder.path, VALUES)).toEqual([]);
  });

  it('is confirmed when the rebuild is through, and leaves nothing in it', async () => {
    const id = await create();
    await others();
    const rebuilding = rebuild();
    await eventually(generations, (count) => count === 2);
    expect(await erase(id)).toMatchObject({ contactId: id, state: 'done', events: 1 });
    expect(remainsOf(folder.path, VALUES)).toEqual([]);
    await rebuilding;
    expect(await server.api.get(`/v1/contacts/${id}/erasure`)).toMatchObject({ state: 'done' });
  });
});

/** Everything that can be asked about a person. */
const answersAbout = async (id: string): Promise<string> => {
  await rebuild();
  const asked = [`/v1/contacts/${id}`, `/v1/contacts/${id}/history`, '/v1/contacts?archived=true', '/v1/events'];
  return JSON.stringify(await Promise.all(asked.map((path) => server.api.get(path))));
};

describe('a keyring that was put back', () => {
  const copyKeys = async (name: string): Promise<void> => {
    expect(await server.stop()).toBe(0);
    copyFileSync(file('keys.db'), file(name));
    await start();
  };
  const putBack = async (name: string): Promise<void> => {
    expect(await server.stop()).toBe(0);
    for (const more of ['', '-wal', '-shm']) rmSync(file(`keys.db${more}`), { force: true });
    copyFileSync(file(name), file('keys.db'));
  };

  it('loses at the start every key of somebody who was erased since', async () => {
    const [id, other] = [await create(), await create({ lastName: 'Somebody Else' })];
    await copyKeys('older');
    const receipt = await erase(id);
    await putBack('older');
    await start();
    expect(await answersAbout(id)).not.toContain(ADA.lastName);
    expect(await server.api.get(`/v1/contacts/${other}`)).toMatchObject({ lastName: 'Somebody Else' });
    expect(await erase(id)).toEqual(receipt);
    const keys = new DatabaseSync(file('keys.db'), { readOnly: true });
    const erased = keys.prepare('SELECT count(*) AS n FROM erased_subjects WHERE id = ?').get(id);
    keys.close();
    expect(erased).toEqual({ n: 1 });
  });

  it('is refused where it lacks keys of facts, with the way out', async () => {
    await create({ lastName: 'Somebody Else' });
    await copyKeys('older');
    const id = await create();
    await putBack('older');
    const { code, output } = await ServerProcess.refused({ data: folder.path });
    expect([code, output.trim()]).toEqual([
      1,
      expect.stringMatching(/^Rapport cannot start\. There are sealed facts of contacts without their keys, [^\n]*$/),
    ]);
    server = await ServerProcess.start({ data: folder.path, env: { RAPPORT_LOST_KEYS: 'forget' } });
    expect(await server.api.get(`/v1/contacts/${id}/history`)).toMatchObject({ data: [{ type: 'ContactCreated' }] });
    expect(await answersAbout(id)).not.toContain(ADA.lastName);
    const list = await server.api.get<List<Fields>>('/v1/contacts');
    expect(list.data.map(({ lastName }) => lastName)).toContain('Somebody Else');
    expect(await problemOf(server.api.get(`/v1/contacts/${id}/erasure`))).toMatchObject({ code: 'not-erased' });
  });
});

describe('somebody who sells', () => {
  const BOSS = { name: 'Wzrminta Quellpfort', email: 'wq@quellpfort.example' };
  const REP = { name: 'Gundolfina Zsrpek', manager: BOSS.name, region: 'West' };
  const represent = async (fields: object): Promise<string> =>
    (await server.api.post('/v1/representatives', fields)).id;
  const shown = (id: string): Promise<Fields> => server.api.get(`/v1/representatives/${id}`);

  it('can be forgotten, also as the manager of others, who stay', async () => {
    const boss = await represent(BOSS);
    const rep = await represent({ ...REP, managerId: boss });
    const { id: pipelineId } = await server.api.post('/v1/pipelines', {
      name: 'P',
      stages: [{ name: 'New', probability: 1 }],
    });
    const deal = await server.api.post('/v1/opportunities', { name: 'Deal', pipelineId, ownerId: rep });
    await server.api.post(`/v1/opportunities/${deal.id}:win`);
    for (const id of [boss, rep]) await userMade(server.api, id);
    const receipt = await server.api.post(`/v1/representatives/${boss}:erase`);
    expect(receipt).toMatchObject({ userId: boss, state: 'done', events: 1 });
    expect(remainsOf(folder.path, Object.values(BOSS))).toEqual([]);
    await eventually(
      () => shown(boss),
      ({ erased }) => erased === true,
    );
    const left = await shown(rep);
    expect(left).toMatchObject({ name: REP.name, managerId: boss, region: 'West', erased: false });
    expect(left).not.toHaveProperty('manager');
    await server.api.post(`/v1/representatives/${rep}:erase`);
    expect(remainsOf(folder.path, Object.values(REP).slice(0, 2))).toEqual([]);
    expect(await server.api.post(`/v1/representatives/${boss}:erase`)).toEqual(receipt);
    expect(await server.api.get(`/v1/representatives/${boss}/erasure`)).toEqual(receipt);
    await eventually(
      () => shown(rep),
      ({ erased }) => erased === true,
    );
    expect(await problemOf(server.api.patch(`/v1/representatives/${rep}`, { region: 'East' }))).toMatchObject({
      status: 410,
    });
    const report = await server.api.get('/v1/reports/won?groupBy=owner,manager');
    expect(JSON.stringify(report)).not.toMatch(/Quellpfort|Zsrpek/);
  });
});

describe('a file without a header, whose first row is a person', () => {
  it('leaves none of its cells among the facts, and tells what is wrong by the column all the same', async () => {
    const settings = { columns: { [ADA.lastName]: 'lastName', [ADA.email]: 'email' } };
    const text = [[ADA.lastName, ADA.email].join(), 'Somebody,not an address', ',other@else.example'].join('\n');
    const started = await Import.of(server.api, 'contacts', text, { ...settings, required: ['lastName'] });
    await started.validate();
    const problems = (await started.rows()).flatMap((row) => row.problems ?? []);
    expect(problems.map(({ pointer, code }) => [pointer, code])).toEqual([
      [`/${ADA.email}`, expect.any(String)],
      [`/${ADA.lastName}`, 'required'],
    ]);
    expect(problems[1]!.message).toBe(`${ADA.lastName} is empty. Fill it in.`);
    expect(await server.stop()).toBe(0);
    const facts = remainsOf(folder.path, VALUES).filter((remain) => !remain.startsWith('contacts-views.db'));
    expect(facts).toEqual([]);
    await start();
  });
});
