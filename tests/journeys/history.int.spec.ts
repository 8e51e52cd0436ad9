import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contextNames } from '@rapport/contexts';
import { type SimulatedTime, simulatedTime } from '@rapport/testing';
import type { Assembly } from './support/assembly.js';
import { eventually } from './support/eventually.js';
import { ADMINISTRATOR, Api, type Fields, Import, type List } from './support/index.js';
import { startStandaloneAssembly } from './support/standalone-assembly.js';

const DAY = 86_400_000;

let folder: string;
let time: SimulatedTime;
let rapport: Assembly;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-history-'));
  // Ahead of the machine by a day, so that no midnight of its own comes in between.
  time = simulatedTime(Date.now() + DAY);
  rapport = await start();
});
afterEach(async () => {
  await rapport.stop();
  rmSync(folder, { recursive: true });
});

const start = (): Promise<Assembly> => startStandaloneAssembly({ RAPPORT_DATA: folder }, time);
const api = (): Api => new Api(rapport.address, ADMINISTRATOR);
const dayIn = (days: number): string => new Date(time.clock.now().getTime() + days * DAY).toISOString().slice(0, 10);

const HEADER = 'Opportunity ID,Opportunity,Account,Stage,Expected Close Date';
const bring = async (...rows: readonly string[]): Promise<Import> =>
  Import.run(api(), 'opportunities', [HEADER, ...rows, ''].join('\n'), { createMissing: ['account'] });

const historyOf = async (name: string): Promise<readonly unknown[]> => {
  const filter = encodeURIComponent(`name = "${name}"`);
  const [deal] = (await api().get<List<Fields>>(`/v1/opportunities?filter=${filter}`)).data;
  const { data } = await api().get<List<Fields>>(`/v1/opportunities/${deal!.id}/history`);
  return data.map(({ type }) => type).reverse();
};

/** A deal that comes due and shows so that timers run: what else had to fire has fired before. */
const passADay = async (name: string): Promise<void> => {
  const { id } = await api().post('/v1/opportunities', { name, expectedCloseOn: dayIn(0) });
  time.advance(DAY);
  await time.passUntil(`${name} comes due`, async () => {
    const { data } = await api().get<List<Fields>>(`/v1/opportunities/${id}/history`);
    return data[0]!['type'] === 'OpportunityCameDue';
  });
};

interface Follower {
  readonly caughtUp: boolean;
}
const settled = async (): Promise<void> => {
  for (const context of contextNames) {
    const followers = (): Promise<List<Follower>> => api().get(`/v1/operations/${context}/followers`);
    await eventually(followers, ({ data }) => data.every(({ caughtUp }) => caughtUp));
  }
};

const inFacts = <T>(context: string, work: (facts: DatabaseSync) => T): T => {
  const facts = new DatabaseSync(join(folder, `${context}.db`));
  try {
    return work(facts);
  } finally {
    facts.close();
  }
};

/** Every event of every context, as they lie on the disk. */
const everything = (): readonly string[] =>
  contextNames.flatMap((context) =>
    inFacts(context, (facts) =>
      facts
        .prepare('SELECT stream, revision, type FROM events ORDER BY position')
        .all()
        .map(({ stream, revision, type }) => `${String(stream)}@${String(revision)} ${String(type)}`),
    ),
  );

/** Comes back after something was lost while nobody worked on the folder. */
const lose = async (what: (context: string) => void): Promise<void> => {
  await rapport.stop();
  for (const context of contextNames) what(context);
  for (const file of readdirSync(folder)) if (/-views\.db/.test(file)) rmSync(join(folder, file));
  rapport = await start();
};

const checkpoints = (context: string): void =>
  inFacts(context, (facts) => facts.exec('DELETE FROM bookkeeping_checkpoints'));

const books = (context: string): void => {
  checkpoints(context);
  inFacts(context, (facts) => facts.exec('DELETE FROM bookkeeping_entries'));
};

describe('history that is brought in', () => {
  beforeEach(async () => {
    await api().post('/v1/pipelines', { name: 'Sales', stages: [{ name: 'New', probability: 20 }] });
  });

  it('starts nothing that lay in the past, whichever way it comes in', async () => {
    await bring(
      'H-1,Of last year,Acme,New,2016-03-01',
      'H-2,Of yesterday,Acme,New,' + dayIn(-1),
      'H-3,To come,Acme,New,' + dayIn(0),
      'H-4,To be told,Acme,New,',
    );
    await bring('H-4,To be told,Acme,New,2016-03-01');
    const undone = await api().post<Fields>('/v1/opportunities', { name: 'Undone', expectedCloseOn: '2016-03-01' });
    const { id } = undone;
    await api().patch(`/v1/opportunities/${id}`, { expectedCloseOn: dayIn(9) });
    const { data } = await api().get<List<Fields>>(`/v1/opportunities/${id}/history`);
    await api().post(`/v1/opportunities/${id}:undo`, { eventId: data[0]!['eventId'] });
    await passADay('First');
    await passADay('Second');
    expect(await historyOf('To come')).toEqual(['OpportunityCreated', 'OpportunityCameDue']);
    for (const name of ['Of last year', 'Of yesterday', 'To be told', 'Undone'])
      expect([name, ...(await historyOf(name))]).not.toContain('OpportunityCameDue');
  });

  it.each<[string, (context: string) => void]>([
    ['views are made anew', () => undefined],
    ['whatever follows begins again with the first event', checkpoints],
    ['nothing is remembered but facts', books],
  ])('starts nothing again where %s', async (_, lost) => {
    await bring(
      'H-1,Of last year,Acme,New,2016-03-01',
      'H-2,To come,Bolt,New,' + dayIn(0),
      `H-3,Refused,${'x'.repeat(2000)},New,2016-03-01`,
    );
    const { id } = await api().post('/v1/contacts', { lastName: 'Lovelace' });
    await api().post(`/v1/contacts/${id}:erase`);
    await passADay('Before');
    await settled();
    await rapport.stop();
    const before = everything();
    rapport = await start();
    await lose(lost);
    await settled();
    await passADay('After');
    await settled();
    await rapport.stop();
    const after = everything();
    rapport = await start();
    expect(after.filter((event) => before.includes(event)).sort()).toEqual([...before].sort());
    // That a key was used is noted by the day, whatever it was used for.
    const more = after.filter((event) => !before.includes(event) && !event.endsWith('ApiKeyUsed'));
    expect(more.map((event) => event.replace(/-.*@/, '@'))).toEqual([
      // What contacts hears of it.
      'sales.opportunity@0 OpportunityCreated',
      'sales.opportunity@1 OpportunityCameDue',
      'opportunity@0 OpportunityCreated',
      'opportunity@1 OpportunityCameDue',
      'timer@0 TimerFired',
    ]);
    const { data } = await api().get<List<Fields>>('/v1/accounts');
    expect(data.map(({ name }) => name).sort()).toEqual(['Acme', 'Bolt']);
  });
});
