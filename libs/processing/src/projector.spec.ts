import { describe, expect, it } from '@jest/globals';
import { START } from '@rapport/kernel';
import { InMemoryReadModelStore } from '@rapport/read-models';
import fc from 'fast-check';
import {
  accounts,
  append,
  dayOf,
  deposit,
  opening,
  storeOf,
  type AccountDocument,
  type Step,
} from './fakes/accounts.js';
import { contentsOf, totalsAt } from './fakes/contents.js';
import { CrashingStore } from './fakes/crashing-store.js';
import { histories } from './fakes/histories.js';
import { cleanResult, pagesOf, passes, resultOf } from './fakes/passes.js';
import type { Projection } from './projection.js';
import { Projector } from './projector.js';

/** What stands at the end of a day, folded from the beginning. */
const recomputed = async (steps: readonly Step[]): Promise<Record<string, readonly number[]>> => {
  const store = new InMemoryReadModelStore();
  await passes(await storeOf(steps), store, 500);
  const { documents } = await Projector.open(store, accounts, 'one');
  const totals: Record<string, number[]> = {};
  for (const { branch, balance } of (await contentsOf(documents)) as readonly AccountDocument[]) {
    const total = (totals[branch] ??= [0, 0]);
    total[0]! += 1;
    total[1]! += balance;
  }
  return totals;
};

describe('a projector', () => {
  it('ends in the same documents and cells, wherever an engine without transactions dies and however pages fall', () =>
    fc.assert(
      fc.asyncProperty(
        histories,
        fc.array(fc.nat(12), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
        async (steps, crashes, pageSizes) => {
          const events = await storeOf(steps);
          const store = new InMemoryReadModelStore();
          const crashing = new CrashingStore(store, [...crashes]);
          for (let pass = 0; !(await passes(events, crashing, pageSizes[pass % pageSizes.length]!)); pass += 1);
          expect(await resultOf(store)).toEqual(await cleanResult(events));
        },
      ),
      { numRuns: 200 },
    ));

  it('folds an event into every document that it belongs to, each once', async () => {
    const events = await storeOf([opening(1), opening(2), deposit(1, 10), deposit(2, 20), deposit(1, 30)]);
    const store = new InMemoryReadModelStore();
    const kinds: Projection<{ id: string; tenant: string; count: number }> = {
      declaration: { name: 'kinds', fields: { count: 'number' }, indexes: [] },
      prefixes: accounts.prefixes,
      key: ({ type, revision }) => (revision > 1 ? undefined : ['all', type]),
      fold: (document, { metadata: { tenant } }, id) => ({ id, tenant, count: (document?.count ?? 0) + 1 }),
    };
    const projector = await Projector.open(store, kinds, 'one');
    for (const page of [...(await pagesOf(events, START, 2)), ...(await pagesOf(events, START, 3))])
      await projector.handle(page);
    const counts = ((await contentsOf(projector.documents)) as unknown as readonly { id: string; count: number }[]).map(
      ({ id, count }) => [id, count],
    );
    expect(Object.fromEntries(counts)).toEqual({ all: 4, AccountOpened: 2, AccountDeposited: 2 });
  });

  it('takes nothing twice when any part of the history comes again', () =>
    fc.assert(
      fc.asyncProperty(histories, fc.nat(40), fc.integer({ min: 1, max: 7 }), async (steps, from, pageSize) => {
        const events = await storeOf(steps);
        const store = new InMemoryReadModelStore();
        await passes(events, store, 500);
        const projector = await Projector.open(store, accounts, 'one');
        const pages = await pagesOf(events, '0'.repeat(20), pageSize);
        for (const page of pages.slice(Math.min(from, pages.length - 1))) await projector.handle(page);
        expect(await resultOf(store)).toEqual(await cleanResult(events));
      }),
      { numRuns: 100 },
    ));

  it('has cells that add up, on every day, to what a recomputation finds', () =>
    fc.assert(
      fc.asyncProperty(histories, fc.nat(27), async (steps, day) => {
        const store = new InMemoryReadModelStore();
        await passes(await storeOf(steps), store, 3);
        const { cells } = await Projector.open(store, accounts, 'one');
        const known = steps.filter((step) => step.day <= day);
        expect(await totalsAt(cells[0]!, dayOf(day))).toEqual(await recomputed(known));
      }),
      { numRuns: 200 },
    ));

  it('writes nothing for events that change nothing, and says so', async () => {
    const events = await storeOf([opening(1), deposit(1, 5), { kind: 'Noticed', account: 1, day: 3 }, deposit(9, 1)]);
    const store = new InMemoryReadModelStore();
    const projector = await Projector.open(store, accounts, 'one');
    const [all] = await pagesOf(events, '0'.repeat(20), 500);
    expect(await projector.handle({ ...all!, events: all!.events.slice(0, 2) })).toBe('saved');
    expect(await projector.handle({ ...all!, events: all!.events.slice(2) })).toBe('nothing');
    expect((await contentsOf(projector.cells[0]!)).map(({ id }) => id)).toEqual(['2026-01-01|branch=north']);
  });

  it('keeps two projections of the same streams apart', async () => {
    const events = await storeOf([opening(1), deposit(1, 5)]);
    const store = new InMemoryReadModelStore();
    const others = { ...accounts, cells: [], declaration: { ...accounts.declaration, name: 'others' } };
    const [one, two] = [await Projector.open(store, accounts, 'g'), await Projector.open(store, others, 'g')];
    for (const page of await pagesOf(events, '0'.repeat(20), 1)) await one.handle(page);
    expect(await contentsOf(two.documents)).toEqual([]);
    expect(await two.checkpoint.load()).toBe('0'.repeat(20));
    await append(events, deposit(1, 7));
    for (const page of await pagesOf(events, await two.checkpoint.load(), 500)) await two.handle(page);
    expect(await contentsOf(two.documents)).toMatchObject([{ id: 'a1', balance: 12 }]);
    expect(await contentsOf(one.documents)).toMatchObject([{ id: 'a1', balance: 5 }]);
  });
});
