import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import type { InMemoryEventStore } from '@rapport/event-store';
import { InMemoryReadModelStore } from '@rapport/read-models';
import { accounts, append, deposit, opening, storeOf, TENANT, type AccountDocument } from './fakes/accounts.js';
import { until } from './fakes/contents.js';
import { mortal } from './fakes/mortal-store.js';
import { Generations } from './generations.js';
import { LeasedOwnership } from './leased-ownership.js';
import { LiveProjection } from './live-projection.js';
import type { Projection } from './projection.js';

const WAIT = 8_000;
let events: InMemoryEventStore;
let readModels: InMemoryReadModelStore;
let replicas: Replica[];

interface Replica {
  readonly live: LiveProjection<AccountDocument>;
  readonly ownership: LeasedOwnership;
  /** Its leases are renewed no more; it goes on working for as long as it believes in them. */
  die(): void;
}

const replica = async (projection: Projection<AccountDocument> = accounts): Promise<Replica> => {
  const { store, die } = mortal(readModels);
  const ownership = new LeasedOwnership(store, { owner: `replica-${replicas.length}`, ttlMilliseconds: 1_000 });
  const live = new LiveProjection({ events, readModels, ownership }, projection);
  const made = { live, ownership, die };
  replicas.push(made);
  await live.start();
  return made;
};

const owner = ({ ownership }: Replica): string | undefined => ownership.owners().get('accounts')?.owner;

beforeEach(async () => {
  events = await storeOf([opening(1), deposit(1, 10), opening(2, 'south'), deposit(2, 20)]);
  readModels = new InMemoryReadModelStore();
  replicas = [];
});
afterEach(() => Promise.all(replicas.map(({ live }) => live.stop())));

const balanceOf = async ({ live }: Replica): Promise<number | undefined> =>
  (await live.documents.get(everythingOf(TENANT), 'a1'))?.balance;

describe('a projection in several replicas', () => {
  it('is followed by one and read from all, as far as a consistency token asks', async () => {
    const [first, second] = [await replica(), await replica()];
    expect([owner(first), owner(second)]).toEqual(['replica-0', 'replica-0']);
    for (let amount = 1; amount <= 5; amount += 1) {
      await second.live.reach(await append(events, deposit(1, 1)), WAIT);
      expect(await balanceOf(second)).toBe(10 + amount);
    }
    await second.live.reach(await append(events, deposit(1, 1), 'other'), WAIT);
    expect(second.live.progress.handled).toBe(0);
    expect(await second.live.cells(0).count(everythingOf(TENANT))).toBe(2);
  });

  it('moves when its owner stops, and when its owner dies, and waiters go on waiting', async () => {
    const [first, second] = [await replica(), await replica()];
    await first.live.stop();
    await second.live.reach(await append(events, deposit(1, 5)), WAIT);
    expect(await balanceOf(second)).toBe(15);
    expect(owner(second)).toBe('replica-1');
    const third = await replica();
    second.die();
    await until('the third has taken over', () => owner(third) === 'replica-2');
    await third.live.reach(await append(events, deposit(1, 5)), WAIT);
    expect(await balanceOf(third)).toBe(20);
    expect(third.ownership.owners().get('accounts')).toEqual({ owner: 'replica-2', term: 3 });
  });

  it('is rebuilt by its owner, whoever asks, and nobody reads less meanwhile', async () => {
    const [first, second] = [await replica(), await replica()];
    const before = first.live.generation;
    let over = false;
    let least = Infinity;
    const reading = (async () => {
      while (!over) {
        least = Math.min(
          least,
          await first.live.documents.count(everythingOf(TENANT)),
          await second.live.documents.count(everythingOf(TENANT)),
        );
        await new Promise(setImmediate);
      }
    })();
    const rebuilding = second.live.rebuild();
    await until('it was asked for', async () => (await entry())?.wanted !== undefined);
    await expect(first.live.rebuild()).rejects.toMatchObject({ code: 'rebuild-under-way' });
    const { generation, events: taken } = await rebuilding;
    over = true;
    await reading;
    expect(taken).toBe(4);
    expect(generation).not.toBe(before);
    expect([least, first.live.generation, second.live.generation]).toEqual([2, generation, generation]);
    expect(await readModels.activeGeneration('accounts')).toBe(generation);
    await second.live.reach(await append(events, deposit(1, 5)), WAIT);
    expect(await balanceOf(second)).toBe(15);
  });

  it('is rebuilt by the next owner when the first dies over it', async () => {
    const [first, second] = [await replica(), await replica()];
    const rebuilding = second.live.rebuild();
    await until('it was asked for', async () => (await entry())?.wanted !== undefined);
    first.die();
    await expect(rebuilding).resolves.toMatchObject({ events: 4 });
    await second.live.reach(await append(events, deposit(1, 5)), WAIT);
    expect(await balanceOf(second)).toBe(15);
  });

  it('goes through a rolling change of its shape: the old replica serves on, the new one rebuilds when it owns', async () => {
    const changed = { ...accounts, version: 2 };
    const old = await replica();
    const renewed = await replica(changed);
    expect([
      await old.live.documents.count(everythingOf(TENANT)),
      await renewed.live.documents.count(everythingOf(TENANT)),
    ]).toEqual([2, 2]);
    const another = await replica();
    const before = another.live.generation;
    await old.live.stop();
    await until('one of the others owns it', () => owner(another) !== undefined && owner(another) !== 'replica-0');
    if (owner(another) === 'replica-2') await another.live.stop();
    await until('it was rebuilt', () => renewed.live.generation !== before);
    await renewed.live.reach(await append(events, deposit(1, 5)), WAIT);
    expect(await balanceOf(renewed)).toBe(15);
  });

  it('starts its term anew when an owner of before, late, has swapped generations', async () => {
    const [first, second] = [await replica(), await replica()];
    const generations = await Generations.open(readModels);
    const { active } = (await entry())!;
    const late = { ...active!, generation: `${active!.generation}9` };
    const collections = [accounts.declaration, accounts.cells![0]!.declaration];
    for (const declaration of collections) await readModels.collection<never>(declaration as never, late.generation);
    for (const { name } of collections) await readModels.activate(name, late.generation);
    await generations.active('accounts', late);
    await until('both have noticed', () => [first, second].every(({ live }) => live.generation === late.generation));
    await second.live.reach(await append(events, deposit(1, 5)), WAIT);
    expect(await balanceOf(second)).toBe(15);
  });
});

const entry = async () => (await Generations.open(readModels)).entry('accounts');
