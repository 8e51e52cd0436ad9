import { describe, expect, it } from '@jest/globals';
import { START } from '@rapport/kernel';
import type { Page } from '../event-store.js';
import type { CurrentStore } from './event-store-under-test.js';
import { count, eventsUntil } from './following.js';
import { newAggregate, newStream, numbered, numberOf } from './sample-events.js';

export const describeLeavingEarly = (store: CurrentStore): void => {
  describe('leaving a follower', () => {
    const follow = (aggregate: string, signal: AbortSignal, pageSize = 500) =>
      store()
        .follow({ prefixes: [`${aggregate}-`], after: START, signal, pageSize })
        [Symbol.asyncIterator]();

    it('ends normally when aborted in the middle', async () => {
      const aggregate = newAggregate();
      await store().append(newStream(aggregate), numbered(100), 'no-stream');
      const abort = new AbortController();
      const pages: Page[] = [];
      for await (const page of store().follow({
        prefixes: [`${aggregate}-`],
        after: START,
        signal: abort.signal,
        pageSize: 10,
      })) {
        pages.push(page);
        if (page.events.length > 0) abort.abort();
      }
      expect(pages.flatMap((page) => page.events).map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    it('ends normally when aborted while it waits', async () => {
      const abort = new AbortController();
      const follower = follow(newAggregate(), abort.signal);
      let page = await follower.next();
      while (!(page.value as Page).caughtUp) page = await follower.next();
      const waiting = follower.next();
      abort.abort();
      let last = await waiting;
      while (!last.done) last = await follower.next();
      expect(last).toEqual({ done: true, value: undefined });
    });

    it('gives nothing when aborted before it began', async () => {
      const aggregate = newAggregate();
      await store().append(newStream(aggregate), numbered(1), 'no-stream');
      expect(await follow(aggregate, AbortSignal.abort()).next()).toEqual({ done: true, value: undefined });
    });

    it('does not disturb the other followers', async () => {
      const aggregate = newAggregate();
      const stream = newStream(aggregate);
      const staying = eventsUntil(store(), { prefixes: [`${aggregate}-`] }, count(6));
      for (let n = 0; n < 6; n += 1) {
        await store().append(stream, numbered(1, n), 'any');
        await eventsUntil(store(), { prefixes: [`${aggregate}-`] }, count(1));
      }
      expect((await staying).map(numberOf)).toEqual([0, 1, 2, 3, 4, 5]);
    });

    it('pulls no more than is asked for: a slow consumer finds all of it later, in pages of the size it wants', async () => {
      const aggregate = newAggregate();
      const stream = newStream(aggregate);
      const abort = new AbortController();
      const slow = follow(aggregate, abort.signal, 100);
      await slow.next();
      for (let n = 0; n < 2_000; n += 500) await store().append(stream, numbered(500, n), 'any');
      const seen: number[] = [];
      while (seen.length < 2_000) {
        const { events } = (await slow.next()).value as Page;
        expect(events.length).toBeLessThanOrEqual(100);
        seen.push(...events.map(numberOf));
      }
      abort.abort();
      expect(seen).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
    });
  });
};
