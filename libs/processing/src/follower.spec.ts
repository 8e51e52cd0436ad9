import { describe, expect, it } from '@jest/globals';
import type { Page } from '@rapport/event-store';
import { START } from '@rapport/kernel';
import { InMemoryReadModelStore } from '@rapport/read-models';
import { checkpointIn } from './checkpoint.js';
import { append, deposit, storeOf } from './fakes/accounts.js';
import { until } from './fakes/contents.js';
import { Follower, FollowerStopped, type FollowerDefinition, type PageOutcome } from './follower.js';
import { ownTerm } from './ownership.js';

const steps = Array.from({ length: 25 }, (_, n) => deposit(n % 3, n));

const setUp = async (handle: FollowerDefinition['handle'], given: Partial<FollowerDefinition> = {}) => {
  const events = await storeOf(steps);
  const store = new InMemoryReadModelStore();
  const checkpoint = checkpointIn(store, 'follower');
  const make = (): Follower =>
    new Follower(events, { name: 'follower', prefixes: ['account-'], checkpoint, handle, pageSize: 4, ...given });
  return { events, store, checkpoint, make };
};

describe('a follower', () => {
  it('stopped in the middle goes on where it was: nothing lost, nothing twice', async () => {
    const seen: string[] = [];
    let follower: Follower;
    let stopped: Promise<void> | undefined;
    const { make, checkpoint } = await setUp(async ({ events, position }): Promise<PageOutcome> => {
      seen.push(...events.map(({ id }) => id));
      await checkpoint.save(position);
      if (seen.length === 12) stopped = follower.stop();
      return 'saved';
    });
    follower = make();
    follower.start();
    await until('it was stopped', () => stopped !== undefined);
    await stopped;
    expect(seen).toHaveLength(12);
    follower = make();
    follower.start();
    await follower.progress.reachEnd();
    await follower.stop();
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
  });

  it('tries a page again until it succeeds, counting, and counts anew once it got further', async () => {
    const attempts: number[] = [];
    let left = 3;
    const pages: Page[] = [];
    const { make } = await setUp(
      async (page) => {
        const fails = pages.length === 0 ? 3 : pages.length === 2 ? 1 : 0;
        if (attempts.length < (pages.length === 0 ? fails : 3 + fails) && left-- > 0) throw new Error('not now');
        left = 1;
        pages.push(page);
        return 'nothing';
      },
      { trouble: (_, __, attempt) => attempts.push(attempt) },
    );
    const follower = make();
    follower.start();
    await follower.progress.reachEnd();
    await follower.stop();
    expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
    expect(attempts[3]).toBe(1);
    expect(pages.flatMap(({ events }) => events)).toHaveLength(25);
  });

  it('goes on counting when only pages without work lie before the one that fails', async () => {
    const attempts: number[] = [];
    const { make } = await setUp(
      async ({ events }) => {
        if (events.some(({ revision }) => revision === 2)) throw new Error('never');
        return 'nothing';
      },
      { trouble: (_, __, attempt) => attempts.push(attempt) },
    );
    const follower = make();
    follower.start();
    await until('it failed three times', () => attempts.length >= 3);
    expect(follower.progress.lastFailure).toBe('never');
    await follower.stop();
    expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it('remembers over a restart how far it came when nothing was for it', async () => {
    const { make, checkpoint, events } = await setUp(async () => 'nothing', { prefixes: ['nobody-'] });
    const follower = make();
    follower.start();
    const last = await append(events, deposit(1, 1));
    await follower.progress.reach(last, 5_000);
    await follower.stop();
    expect(await checkpoint.load()).toBe(last);
  });

  it('lets other processes know soon how far it came when nothing was for it', async () => {
    const { make, events, store } = await setUp(async () => 'nothing', { prefixes: ['nobody-'] });
    const stopping = new AbortController();
    const follower = make();
    const over = follower.during({ ...ownTerm(stopping.signal), holds: true, watched: true });
    await follower.progress.reachEnd();
    for (let n = 0; n < 3; n += 1) {
      const last = await append(events, deposit(1, 1));
      await until('it is saved', async () => (await store.checkpoint('follower')) === last);
    }
    stopping.abort();
    await over;
  });

  it('handles nothing more once it does not hold its term, and begins the next where the checkpoint is', async () => {
    const pages: Page[] = [];
    const { make, checkpoint } = await setUp(async (page) => {
      pages.push(page);
      if (pages.length === 2) held.holds = false;
      await checkpoint.save(page.position);
      return 'saved';
    });
    const stopping = new AbortController();
    const held = { number: 1, signal: stopping.signal, holds: true, watched: true };
    const follower = make();
    await follower.during(held);
    expect(pages).toHaveLength(2);
    follower.start();
    await follower.progress.reachEnd();
    await follower.stop();
    expect(pages.flatMap(({ events }) => events)).toHaveLength(25);
  });

  it('halts when told to, and goes on when started again', async () => {
    let mended = false;
    const { make } = await setUp(async () => {
      if (!mended) throw new FollowerStopped('look at this first');
      return 'nothing';
    });
    const follower = make();
    follower.start();
    await until('it gave up', () => follower.progress.lastFailure !== undefined);
    await follower.halt();
    expect(follower.progress).toMatchObject({ lastFailure: 'look at this first', position: START, caughtUp: false });
    mended = true;
    follower.start();
    await follower.progress.reachEnd();
    await follower.stop();
    expect(follower.progress.lastFailure).toBeUndefined();
  });

  it('lets readers wait for a write: until it is there, not too long, and not for one that has stopped', async () => {
    const { make, events } = await setUp(async () => 'nothing');
    const follower = make();
    follower.start();
    const position = await append(events, deposit(1, 1));
    await follower.progress.reach(position, 5_000);
    const never = '9'.repeat(20);
    const late = { kind: 'not-caught-up', details: { retryAfterSeconds: 1 } };
    await expect(follower.progress.reach(never, 1)).rejects.toMatchObject(late);
    const waiting = expect(follower.progress.reach(never, 60_000)).rejects.toMatchObject(late);
    await follower.stop();
    await waiting;
    await expect(follower.progress.reach(never, 60_000)).rejects.toMatchObject(late);
  });
});
