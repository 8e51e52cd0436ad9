import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import type { InMemoryEventStore } from '@rapport/event-store';
import { InMemoryReadModelStore, type ReadModelStore } from '@rapport/read-models';
import { accounts, append, dayOf, deposit, opening, storeOf, TENANT, type AccountDocument } from './fakes/accounts.js';
import { contentsOf, totalsAt, until } from './fakes/contents.js';
import type { ProjectionEntry } from './generations.js';
import { LiveProjection } from './live-projection.js';
import type { Projection } from './projection.js';

let events: InMemoryEventStore;
let readModels: ReadModelStore;
let started: LiveProjection<AccountDocument>[];

beforeEach(async () => {
  events = await storeOf([opening(1), deposit(1, 10), opening(2, 'south'), deposit(2, 20)]);
  readModels = new InMemoryReadModelStore();
  started = [];
});
afterEach(async () => {
  for (const live of started) await live.stop();
});

const start = async (projection: Projection<AccountDocument> = accounts): Promise<LiveProjection<AccountDocument>> => {
  const live = new LiveProjection({ events, readModels }, projection);
  started.push(live);
  await live.start();
  return live;
};

/** A fold that waits is impossible: this one fails until it may succeed, which the follower answers with patience. */
const held = (projection: Projection<AccountDocument>): Projection<AccountDocument> & { released: boolean } => {
  const gate = {
    ...projection,
    released: false,
    fold: (...given: Parameters<typeof projection.fold>) => {
      if (!gate.released) throw new Error('not released');
      return projection.fold(...given);
    },
  };
  return gate;
};

const renamed: Projection<AccountDocument> = {
  ...accounts,
  declaration: { ...accounts.declaration, fields: { ...accounts.declaration.fields, entries: 'number' } },
};

/** What is known of projections, as it is stored. */
const entries = () =>
  readModels.collection<ProjectionEntry>({ name: 'projection_generations', fields: {}, indexes: [] });

describe('a live projection', () => {
  it('shows what was there when it started and what comes', async () => {
    const live = await start();
    expect(await live.documents.count(everythingOf(TENANT))).toBe(2);
    await live.reach(await append(events, opening(3)), 5_000);
    expect(await live.documents.count(everythingOf(TENANT))).toBe(3);
  });

  it('is rebuilt and swapped while events keep coming; readers never see less, and the result is the same', async () => {
    const live = await start();
    const { documents } = live;
    const cells = live.cells(0);
    const before = live.generation;
    let over = false;
    let least = Infinity;
    let appended = 0;
    const reading = (async () => {
      while (!over) {
        least = Math.min(least, await documents.count(everythingOf(TENANT)), (await contentsOf(cells)).length);
        await append(events, deposit(1 + (appended % 2), 1));
        appended += 1;
        await new Promise(setImmediate);
      }
    })();
    const { generation } = await live.rebuild();
    const waiting = live.reach(await append(events, deposit(1, 100)), 5_000);
    over = true;
    await reading;
    await waiting;
    await live.progress.reachEnd();
    expect(least).toBe(2);
    expect(generation).not.toBe(before);
    expect(live.generation).toBe(generation);
    const balances = (await contentsOf(documents)).map(({ balance }) => balance);
    expect(balances[0]! + balances[1]!).toBe(10 + 20 + appended + 100);
    const { north, south } = await totalsAt(cells, dayOf(27));
    expect([north, south]).toEqual([
      [1, balances[0]],
      [1, balances[1]],
    ]);
    expect(await readModels.activeGeneration('accounts')).toBe(generation);
  });

  it('resolves waits that began before the swap', async () => {
    const live = await start();
    const next = (await append(events, { kind: 'Noticed', account: 1, day: 0 })).replace(/\d{6}$/, '999999');
    const waiting = expect(live.reach(next, 50)).rejects.toMatchObject({ kind: 'not-caught-up' });
    await live.rebuild();
    await waiting;
    const reached = live.reach(await append(events, deposit(1, 1)), 5_000);
    await live.rebuild();
    await expect(reached).resolves.toBeUndefined();
  });

  it('refuses a second rebuild beside the first, and ends one when it is stopped', async () => {
    const live = await start();
    const rebuilding = live.rebuild();
    await expect(live.rebuild()).rejects.toMatchObject({ code: 'rebuild-under-way' });
    const ended = rebuilding.then(
      () => 'swapped',
      () => 'broken off',
    );
    await live.stop();
    expect(['swapped', 'broken off']).toContain(await ended);
    const again = await start();
    expect(await again.documents.count(everythingOf(TENANT))).toBe(2);
  });

  it.each([
    ['another declaration', renamed],
    ['another version', { ...accounts, version: 2 }],
  ])('is rebuilt at the start under %s, while the old documents go on serving', async (_, changed) => {
    await (await start()).stop();
    const gate = held(changed);
    const live = await start(gate);
    expect(await live.documents.count(everythingOf(TENANT))).toBe(2);
    expect(await live.cells(0).count(everythingOf(TENANT))).toBe(2);
    gate.released = true;
    await live.settled();
    expect(live.documents.declaration.fields).toEqual(changed.declaration.fields);
    await live.reach(await append(events, deposit(1, 5)), 5_000);
    expect((await live.documents.get(everythingOf(TENANT), 'a1'))!.balance).toBe(15);
    await live.stop();
    const again = await start(changed);
    expect(again.generation).toBe(live.generation);
  });

  it('goes on with a rebuild that a restart has cut off', async () => {
    await (await start()).stop();
    const gate = held(renamed);
    const first = await start(gate);
    await first.stop();
    const second = await start(renamed);
    await second.settled();
    expect(await second.documents.count(everythingOf(TENANT))).toBe(2);
    const back = await (await second.stop(), start());
    await back.settled();
    expect(await contentsOf(back.documents)).toHaveLength(2);
    expect(await totalsAt(back.cells(0), dayOf(27))).toEqual({ north: [1, 10], south: [1, 20] });
  });

  it('drops what a rebuild that was broken off has built, and is passed only when nothing is being built', async () => {
    // More than one page.
    for (let n = 0; n < 2_100; n += 1) await append(events, deposit(1, 1));
    let end = await append(events, deposit(2, 1));
    let stuck = false;
    const fold: typeof accounts.fold = (document, event, id) => {
      if (stuck && event.position >= end) throw new Error('stuck');
      return accounts.fold(document, event, id);
    };
    const live = await start({ ...accounts, fold });
    expect(await live.hasPassed(end)).toBe(true);
    stuck = true;
    const rebuilding = live.rebuild().catch(() => 'broken off');
    const building = async () =>
      (await entries()).get(everythingOf('_'), 'accounts').then((entry) => entry?.building?.generation);
    await until('it is being built', async () => (await building()) !== undefined);
    const half = await readModels.collection(accounts.declaration, await building());
    await until('it is half built', async () => (await half.count(everythingOf(TENANT))) === 2);
    expect(await live.hasPassed(end)).toBe(false);
    await live.stop();
    expect(await rebuilding).toBe('broken off');
    expect(await half.count(everythingOf(TENANT))).toBe(2);
    const again = await start(accounts);
    await expect(half.count(everythingOf(TENANT))).rejects.toMatchObject({ code: 'unknown-generation' });
    expect(await again.hasPassed(end)).toBe(true);
    expect(await again.documents.count(everythingOf(TENANT))).toBe(2);
    end = await append(events, deposit(2, 1));
    await again.reach(end, 5_000);
    expect(await again.hasPassed(end)).toBe(true);
  });

  it.each([
    ['before anything was complete', async () => undefined],
    ['beside a complete one', async () => (await start()).stop()],
  ])('drops what was being built under a declaration that is not wanted any more, %s', async (_, before) => {
    await before();
    const first = await start(held(renamed));
    await first.stop();
    const { building } = (await (await entries()).get(everythingOf('_'), 'accounts'))!;
    const half = await readModels.collection(renamed.declaration, building!.generation);
    expect(await half.count(everythingOf(TENANT))).toBe(0);
    const second = await start({ ...accounts, version: 3 });
    await second.settled();
    await expect(half.count(everythingOf(TENANT))).rejects.toMatchObject({ code: 'unknown-generation' });
    expect(await second.documents.count(everythingOf(TENANT))).toBe(2);
  });

  it('finishes a swap that a crash has cut off between documents and cells', async () => {
    const live = await start();
    await live.stop();
    const { activate } = readModels;
    readModels.activate = async function (name, generation) {
      if (name === 'branch_cells') throw new Error('power failure');
      return activate.call(this, name, generation);
    };
    const troubled = await start();
    const rebuilding = troubled.rebuild().catch(() => 'cut off');
    await until(
      'documents are swapped',
      async () => (await readModels.activeGeneration('accounts')) !== live.generation,
    );
    await troubled.stop();
    expect(await rebuilding).toBe('cut off');
    readModels.activate = activate;
    const again = await start();
    expect(await totalsAt(again.cells(0), dayOf(27))).toEqual({ north: [1, 10], south: [1, 20] });
    expect(await readModels.activeGeneration('branch_cells')).toBe(again.generation);
  });

  it('refuses readers while it was never complete', async () => {
    const gate = held(accounts);
    const live = new LiveProjection({ events, readModels }, gate);
    started.push(live);
    const starting = live.start();
    await until(
      'it follows',
      async () => (await readModels.collection(accounts.declaration, 'probe')) && gate.fold !== undefined,
    );
    await expect(live.documents.count(everythingOf(TENANT))).rejects.toMatchObject({ code: 'being-built' });
    gate.released = true;
    await starting;
    await live.settled();
    expect(await live.documents.count(everythingOf(TENANT))).toBe(2);
  });
});
