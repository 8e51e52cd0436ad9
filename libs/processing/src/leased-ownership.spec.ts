import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SimulatedWorld, type ProcessTraits } from './fakes/simulated-world.js';
import { LeasedOwnership } from './leased-ownership.js';
import { aborted, type Campaign, type Term } from './ownership.js';

const NAMES = ['accounts', 'relay', 'imports'];
const TTL = 5_000;
const CALM_AFTER = 30_000;

const traits: fc.Arbitrary<ProcessTraits> = fc.record({
  rate: fc.double({ min: 0.85, max: 1.15, noNaN: true }),
  offset: fc.integer({ min: 0, max: 10_000_000 }),
  standstills: fc.array(
    fc.record({ from: fc.nat(20_000), length: fc.integer({ min: 1, max: 9_000 }) }).map(({ from, length }) => ({
      from,
      to: Math.min(CALM_AFTER, from + length),
    })),
    { maxLength: 3 },
  ),
  delays: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 1, max: 30 }) },
      { weight: 2, arbitrary: fc.integer({ min: 30, max: 4_000 }) },
      { weight: 1, arbitrary: fc.constant(Infinity) },
    ),
    { minLength: 1, maxLength: 40 },
  ),
});
const calm = (offset = 0, rate = 1): ProcessTraits => ({ rate, offset, standstills: [], delays: [3] });

interface Begun {
  readonly process: number;
  readonly name: string;
  readonly number: number;
  readonly at: number;
}

/** Processes that campaign for the same names, and what came of it. */
const contest = (processes: readonly ProcessTraits[], names = NAMES, finishing = 0) => {
  const world = new SimulatedWorld();
  const begun: Begun[] = [];
  const campaigns: (Campaign & { readonly name: string; readonly process: number })[] = [];
  const ownerships = processes.map((process, at) => {
    const { store, ticks } = world.process(process);
    const ownership = new LeasedOwnership(store, { owner: `replica-${at}`, ttlMilliseconds: TTL, ticks });
    for (const name of names) {
      const campaign = ownership.campaign(name, async (term: Term) => {
        begun.push({ process: at, name, number: term.number, at: world.now });
        await aborted(term.signal);
        await ticks.pause(finishing, new AbortController().signal);
      });
      campaigns.push({
        name,
        process: at,
        stop: () => campaign.stop(),
        get term() {
          return campaign.term;
        },
      });
    }
    return ownership;
  });
  const owners = (name: string): readonly number[] =>
    campaigns.filter((campaign) => campaign.name === name && campaign.term?.holds).map(({ process }) => process);
  return { world, begun, campaigns, ownerships, owners };
};

describe('leases', () => {
  it(
    'are never held by two, whatever clocks, standstills, losses and delays there are',
    () =>
      fc.assert(
        fc.asyncProperty(fc.array(traits, { minLength: 2, maxLength: 3 }), async (processes) => {
          const { world, begun, owners } = contest(processes);
          const check = (): void => {
            for (const name of NAMES) if (owners(name).length > 1) throw new Error(`${name} is held by two`);
          };
          await world.run(CALM_AFTER, check);
          for (const name of NAMES) {
            const fences = begun.filter((term) => term.name === name).map(({ number }) => number);
            expect(fences).toEqual([...new Set(fences)].sort((a, b) => a - b));
          }
        }),
        { numRuns: 60 },
      ),
    60_000,
  );

  it('are held by exactly one each as soon as there is calm', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(9_000), fc.double({ min: 0.85, max: 1.15, noNaN: true }), async (offset, rate) => {
        const { world, owners } = contest([calm(), calm(offset, rate)]);
        await world.run(1_000);
        for (const name of NAMES) expect(owners(name)).toHaveLength(1);
        await world.run(20_000, () => {
          for (const name of NAMES) if (owners(name).length !== 1) throw new Error(`${name} has lost its owner`);
        });
      }),
      { numRuns: 20 },
    ));

  it('are shared out when processes start together', async () => {
    const { world, owners } = contest([calm(), calm(77)], ['a', 'b', 'c', 'd', 'e', 'f']);
    await world.run(2_000);
    const counts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => owners(name)[0]);
    expect(counts.filter((process) => process === 0)).toHaveLength(3);
  });

  it('move within ten seconds when their owner is killed, with a higher fence', async () => {
    const dies = { from: 6_000, to: Infinity };
    const { world, owners, begun } = contest([{ ...calm(), standstills: [dies] }], NAMES);
    const { store, ticks } = world.process(calm(5_555));
    await world.run(2_000);
    expect(NAMES.map((name) => owners(name))).toEqual([[0], [0], [0]]);
    const taken: number[] = [];
    const other = new LeasedOwnership(store, { owner: 'other', ttlMilliseconds: TTL, ticks });
    for (const name of NAMES) {
      other.campaign(name, async ({ number, signal }) => {
        taken.push(world.now);
        expect(number).toBeGreaterThan(Math.max(...begun.map((term) => term.number)));
        await aborted(signal);
      });
    }
    await world.run(30_000);
    expect(taken).toHaveLength(3);
    for (const at of taken) expect([at >= 6_000, at < 16_000]).toEqual([true, true]);
    expect(other.owners().get('relay')).toEqual({ owner: 'other', term: 2 });
  });

  it('move at once when their owner stops, after it has finished what is in hand', async () => {
    const { world, ownerships, owners, begun } = contest([calm(), calm(99)], ['a', 'b'], 700);
    await world.run(3_000);
    const before = begun.length;
    let closed = 0;
    void ownerships[0]!.close().then(() => (closed = world.now));
    await world.run(5_000);
    expect([owners('a'), owners('b')]).toEqual([[1], [1]]);
    expect(closed).toBeGreaterThanOrEqual(3_700);
    expect(closed).toBeLessThan(3_800);
    const [moved] = begun.slice(before);
    expect(moved!.at).toBeGreaterThanOrEqual(3_700);
    expect(moved!.at).toBeLessThan(4_100);
  });

  it('pass on, after a rest, when the work ends by itself or fails', async () => {
    const world = new SimulatedWorld();
    const { store, ticks } = world.process(calm());
    const told: string[] = [];
    const trouble = (name: string, failure: unknown): void => void told.push(`${name}: ${String(failure)}`);
    const ownership = new LeasedOwnership(store, { owner: 'a', ttlMilliseconds: TTL, ticks, trouble });
    const terms: number[] = [];
    ownership.campaign('a', async ({ number }) => {
      terms.push(number);
      if (number === 1) throw new Error('not today');
    });
    await world.run(4_000);
    expect(terms.slice(0, 3)).toEqual([1, 2, 3]);
    expect(told).toEqual(['a: Error: not today']);
    expect(() => ownership.campaign('a', async () => undefined)).toThrow('a campaign for a');
  });
});
