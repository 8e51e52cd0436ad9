import { beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { InMemoryBookkeeping, type InMemoryEventStore } from '@rapport/event-store';
import { append, deposit, opening, storeOf, TENANT } from './fakes/accounts.js';
import { until } from './fakes/contents.js';
import { ParkedEvents } from './parked-events.js';
import type { Reaction, Verdict } from './reaction.js';
import { reactor, replayParked, type ReactorParts } from './reactor.js';

let events: InMemoryEventStore;
let parts: ReactorParts;
let seen: string[];

beforeEach(async () => {
  events = await storeOf([opening(1), deposit(1, 10), deposit(1, 20), deposit(1, 30)]);
  const books = new InMemoryBookkeeping();
  parts = { events, books, parked: new ParkedEvents(books) };
  seen = [];
});

/** Reacts to deposits with what `verdicts` says of their amounts, otherwise `done`. */
const reaction = (verdicts: Record<number, (attempt: number) => Verdict>, attempts = 3): Reaction => {
  const tries = new Map<number, number>();
  return {
    name: 'thank',
    prefixes: ['account-'],
    types: ['AccountDeposited'],
    attempts,
    react: async ({ data }) => {
      const { amount } = data as { amount: number };
      seen.push(String(amount));
      tries.set(amount, (tries.get(amount) ?? 0) + 1);
      return verdicts[amount]?.(tries.get(amount)!) ?? 'done';
    },
  };
};

const run = async (what: Reaction): Promise<void> => {
  const follower = reactor(what, parts);
  follower.start();
  await follower.progress.reachEnd();
  await follower.stop();
};

describe('a reaction', () => {
  it('sees the events it asks for, in order, and none again after a restart', async () => {
    await run(reaction({}));
    expect(seen).toEqual(['10', '20', '30']);
    await append(events, deposit(1, 40));
    await run(reaction({}));
    expect(seen).toEqual(['10', '20', '30', '40']);
  });

  it('is tried again, then goes on', async () => {
    await run(reaction({ 20: (attempt) => (attempt < 3 ? 'retry' : 'done') }));
    expect(seen).toEqual(['10', '20', '20', '20', '30']);
    expect(await parts.parked.list(everythingOf(TENANT))).toEqual([]);
  });

  it('parks what fails too often, with the reason, and tells every failed try', async () => {
    const told: unknown[] = [];
    parts = { ...parts, trouble: (follower, failure, attempt) => told.push([follower, String(failure), attempt]) };
    await run(
      reaction({
        20: () => {
          throw new Error('no such address');
        },
      }),
    );
    expect(seen).toEqual(['10', '20', '20', '20', '30']);
    expect(told).toEqual([1, 2, 3].map((attempt) => ['thank', 'Error: no such address', attempt]));
    const stream = `account-${TENANT}-a1`;
    const expected = { follower: 'thank', stream, revision: 2, reason: 'no such address', attempts: 3 };
    expect(await parts.parked.list(everythingOf(TENANT), 'thank')).toMatchObject([expected]);
    expect(await parts.parked.list(everythingOf(TENANT), 'another')).toEqual([]);
    expect(await parts.parked.list(everythingOf('another'), 'thank')).toEqual([]);
  });

  it('is replayed from the list, and leaves it when done', async () => {
    let mended = false;
    const what = reaction({ 20: () => (mended ? 'done' : { park: 'unknown account' }) });
    await run(what);
    const [entry] = await parts.parked.list(everythingOf(TENANT));
    expect(await replayParked(what, parts, everythingOf(TENANT), entry!.id)).toEqual({ park: 'unknown account' });
    expect(await parts.parked.list(everythingOf(TENANT))).toMatchObject([{ id: entry!.id, attempts: 2 }]);
    mended = true;
    expect(await replayParked(what, parts, everythingOf(TENANT), entry!.id)).toBe('done');
    expect(await parts.parked.list(everythingOf(TENANT))).toEqual([]);
    await expect(replayParked(what, parts, everythingOf(TENANT), entry!.id)).rejects.toMatchObject({
      code: 'parked-event-not-found',
    });
  });

  it('can be parked again after it was replayed', async () => {
    const [first] = [await events.read(`account-${TENANT}-a1`).next()];
    const event = first.value!;
    await parts.parked.park('thank', event, 'one', 1);
    await parts.parked.remove(TENANT, `thank|${event.id}`);
    await parts.parked.park('thank', event, 'two', 1);
    expect(await parts.parked.list(everythingOf(TENANT))).toMatchObject([{ reason: 'two', attempts: 1 }]);
  });

  it('stops its follower and does not do again what was done before', async () => {
    const follower = reactor(reaction({ 20: () => ({ stop: 'ask Ada' }) }), parts);
    follower.start();
    await until('it has stopped', () => follower.progress.lastFailure !== undefined);
    await follower.stop();
    expect(follower.progress.lastFailure).toBe('thank stopped: ask Ada');
    expect(seen).toEqual(['10', '20']);
    await run(reaction({}));
    expect(seen).toEqual(['10', '20', '20', '30']);
  });

  it('that gives up because it is stopped is not parked, and comes again', async () => {
    const givingUp: Reaction = {
      ...reaction({}, 1),
      react: (event, signal) =>
        new Promise((resolve, reject) => {
          const { amount } = event.data as { amount: number };
          seen.push(String(amount));
          if (amount !== 20) return resolve('done');
          signal.addEventListener('abort', () => reject(new Error('gave up')));
        }),
    };
    const follower = reactor(givingUp, parts);
    follower.start();
    await until('the second is in hand', () => seen.length === 2);
    await follower.stop();
    expect(await parts.parked.list(everythingOf(TENANT))).toEqual([]);
    await run(reaction({}));
    expect(seen).toEqual(['10', '20', '20', '30']);
  });
});
