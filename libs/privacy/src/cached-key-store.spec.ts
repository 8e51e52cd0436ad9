import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CachedKeyStore } from './cached-key-store.js';
import { InMemoryKeyStore } from './in-memory-key-store.js';
import { KeyDestroyed, type Subject } from './key-store.js';

const AT = '2026-01-01T00:00:00.000Z';
const ADA: Subject = { tenant: 'acme', id: 'ada' };
const BOB: Subject = { tenant: 'acme', id: 'bob' };

describe('cached keys', () => {
  let shared: CountingKeyStore;
  let elsewhere: CachedKeyStore;
  let time: number;
  const now = () => time;
  beforeEach(() => {
    shared = new CountingKeyStore();
    elsewhere = new CachedKeyStore(shared);
    time = 0;
  });

  it('are asked for once, as long as nothing expires', async () => {
    const clock = jest.fn(now);
    const cache = new CachedKeyStore(shared, { now: clock });
    const key = await cache.toSeal(ADA, true);
    expect(await cache.toOpen(ADA)).toBe(key);
    expect(cache.cached(ADA)).toBe(key);
    expect(shared.finds).toBe(0);
    expect(clock).not.toHaveBeenCalled();
  });

  it('that another process destroyed are used no longer than they may be', async () => {
    const cache = new CachedKeyStore(shared, { expireAfterMilliseconds: 3_000, now });
    await cache.toSeal(ADA, true);
    await elsewhere.destroy(ADA, AT);
    time = 2_999;
    expect(cache.cached(ADA)).not.toBe('destroyed');
    time = 3_000;
    expect(cache.cached(ADA)).toBeUndefined();
    expect(await cache.toOpen(ADA)).toBe('destroyed');
    await expect(cache.toSeal(ADA, false)).rejects.toThrow(KeyDestroyed);
  });

  it('do not live longer for being used', async () => {
    const cache = new CachedKeyStore(shared, { expireAfterMilliseconds: 3_000, now });
    await cache.toSeal(ADA, true);
    for (time = 0; time < 3_000; time += 500) expect(cache.cached(ADA)).toBeDefined();
    expect(cache.cached(ADA)).toBeUndefined();
  });

  it('are as old as the question, not as its answer', async () => {
    const cache = new CachedKeyStore(shared, { expireAfterMilliseconds: 3_000, now });
    await shared.create(ADA);
    shared.answering = () => (time = 2_000);
    await cache.fetch([ADA]);
    time = 3_000;
    expect(cache.cached(ADA)).toBeUndefined();
  });

  it('that nobody uses leave the memory as others come in', async () => {
    const cache = new CachedKeyStore(shared, { expireAfterMilliseconds: 3_000, now });
    await cache.toSeal(ADA, true);
    time = 3_000;
    await cache.toSeal(BOB, true);
    time = 0;
    expect(cache.cached(ADA)).toBeUndefined();
    expect(cache.cached(BOB)).toBeDefined();
  });

  it('are known to be destroyed for ever', async () => {
    const cache = new CachedKeyStore(shared, { expireAfterMilliseconds: 3_000, now });
    await elsewhere.destroy(ADA, AT);
    await cache.destroy(BOB, AT);
    await cache.fetch([ADA]);
    time = 1e9;
    expect([cache.cached(ADA), cache.cached(BOB)]).toEqual(['destroyed', 'destroyed']);
  });

  it('stay destroyed when the key was on its way', async () => {
    const cache = new CachedKeyStore(shared);
    await shared.create(ADA);
    const onItsWay = cache.toOpen(ADA);
    await cache.destroy(ADA, AT);
    expect(await onItsWay).toBe('destroyed');
    expect(cache.cached(ADA)).toBe('destroyed');
  });

  it('make room for others, the one used longest ago first', async () => {
    const cache = new CachedKeyStore(shared, { most: 2 });
    await cache.toSeal(ADA, true);
    await cache.toSeal(BOB, true);
    cache.cached(ADA);
    await cache.toSeal({ tenant: 'acme', id: 'eve' }, true);
    expect([cache.cached(ADA), cache.cached(BOB)]).toEqual([expect.anything(), undefined]);
  });
});

class CountingKeyStore extends InMemoryKeyStore {
  finds = 0;
  answering = (): unknown => undefined;

  override async find(subject: Subject): ReturnType<InMemoryKeyStore['find']> {
    this.finds += 1;
    const found = await super.find(subject);
    this.answering();
    return found;
  }
}
