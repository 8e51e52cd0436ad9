import { describe, expect, it } from '@jest/globals';
import { START } from '@rapport/kernel';
import type { CurrentStore } from './event-store-under-test.js';
import { caughtUp, count, eventsUntil, here, pagesUntil } from './following.js';
import { readAll } from './reading.js';
import { idsOf, newAggregate, newStream, noteTaken, numbered, numberOf } from './sample-events.js';

const ATOMIC_BATCH = 3;

export const describeFollowing = (store: CurrentStore): void => {
  describe('following', () => {
    it('gives what was there, then what comes', async () => {
      const aggregate = newAggregate();
      const stream = newStream(aggregate);
      await store().append(stream, numbered(5), 'no-stream');
      const seen = eventsUntil(store(), { prefixes: [`${aggregate}-`] }, count(8));
      for (let n = 5; n < 8; n += 1) await store().append(stream, numbered(1, n), n - 1);
      expect((await seen).map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });

    it('gives the same events as reading', async () => {
      const aggregate = newAggregate();
      const stream = newStream(aggregate);
      await store().append(stream, numbered(5), 'no-stream');
      const seen = await eventsUntil(store(), { prefixes: [`${aggregate}-`] }, count(5));
      expect(seen).toEqual(await readAll(store(), stream));
    });

    it('leaves out the event it starts after, while reading includes its start', async () => {
      const aggregate = newAggregate();
      const stream = newStream(aggregate);
      await store().append(stream, numbered(4), 'no-stream');
      const [, second] = await readAll(store(), stream);
      const seen = await eventsUntil(store(), { prefixes: [`${aggregate}-`], after: second!.position }, count(2));
      expect(seen.map(numberOf)).toEqual([2, 3]);
      expect((await readAll(store(), stream, { from: second!.revision })).map(numberOf)).toEqual([1, 2, 3]);
    });

    it('loses and reorders nothing while several append to several kinds of stream', async () => {
      const aggregates = [newAggregate(), newAggregate(), newAggregate()];
      const streams = aggregates.flatMap((aggregate) => [newStream(aggregate), newStream(aggregate)]);
      const wanted = streams.length * 20 * ATOMIC_BATCH;
      const everything = eventsUntil(store(), { prefixes: aggregates.map((name) => `${name}-`) }, count(wanted));
      const oneKind = eventsUntil(store(), { prefixes: [`${aggregates[1]}-`], pageSize: 7 }, count(wanted / 3));
      await Promise.all(
        streams.map(async (stream) => {
          for (let n = 0; n < 20; n += 1) await store().append(stream, numbered(ATOMIC_BATCH, n * ATOMIC_BATCH), 'any');
        }),
      );
      const seen = await everything;
      expect(seen.map(({ position }) => position)).toEqual(seen.map(({ position }) => position).toSorted());
      for (const stream of streams) {
        const expected = idsOf(await readAll(store(), stream));
        expect(idsOf(seen.filter((event) => event.stream === stream))).toEqual(expected);
      }
      expect(idsOf(await oneKind)).toEqual(idsOf(seen.filter(({ stream }) => stream.startsWith(`${aggregates[1]}-`))));
    });

    it('keeps the events of one append together', async () => {
      const aggregate = newAggregate();
      const streams = [1, 2, 3, 4].map(() => newStream(aggregate));
      const seen = eventsUntil(store(), { prefixes: [`${aggregate}-`] }, count(4 * 10 * ATOMIC_BATCH));
      await Promise.all(
        streams.flatMap((stream) => numbered(10).map(() => store().append(stream, numbered(ATOMIC_BATCH), 'any'))),
      );
      const numbers = (await seen).map(numberOf);
      expect(numbers).toEqual(numbers.map((_, n) => n % ATOMIC_BATCH));
    });

    it('is told apart by the whole prefix', async () => {
      const aggregate = newAggregate();
      await store().append(newStream(`${aggregate}x`), numbered(1), 'no-stream');
      await store().append(newStream(aggregate), numbered(1, 5), 'no-stream');
      const seen = await eventsUntil(store(), { prefixes: [`${aggregate}-`] }, caughtUp);
      expect(seen.map(numberOf)).toEqual([5]);
    });

    it('follows every stream when no prefix is given', async () => {
      const after = await here(store(), newAggregate());
      const streams = [newStream(), newStream()];
      for (const stream of streams) await store().append(stream, [noteTaken()], 'no-stream');
      const mine = (events: readonly { readonly stream: string }[]) =>
        events.filter(({ stream }) => streams.includes(stream));
      const seen = await eventsUntil(store(), { after }, (events) => mine(events).length === 2);
      expect(mine(seen).map(({ stream }) => stream)).toEqual(streams);
    });

    it('can be resumed from the position of any page', async () => {
      const aggregate = newAggregate();
      const stream = newStream(aggregate);
      await store().append(stream, numbered(50), 'no-stream');
      const seen: number[] = [];
      let after = START;
      while (seen.length < 50) {
        const pages = await pagesUntil(store(), { prefixes: [`${aggregate}-`], after, pageSize: 7 }, count(1));
        seen.push(...pages.flatMap((page) => page.events.map(numberOf)));
        after = pages.at(-1)!.position;
      }
      expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n));
    });

    it('moves the position past events that are filtered away', async () => {
      const [followed, other] = [newAggregate(), newAggregate()];
      await store().append(newStream(followed), numbered(1), 'no-stream');
      const { position } = await store().append(newStream(other), numbered(20), 'no-stream');
      const pages = await pagesUntil(store(), { prefixes: [`${followed}-`] }, (_, page) => page.position >= position);
      expect(pages.flatMap((page) => page.events)).toHaveLength(1);
      await store().append(newStream(followed), numbered(1, 9), 'no-stream');
      const resumed = await eventsUntil(
        store(),
        { prefixes: [`${followed}-`], after: pages.at(-1)!.position },
        count(1),
      );
      expect(resumed.map(numberOf)).toEqual([9]);
    });

    // Engines look at so many events at a time, and where they stopped may be the place of the next event to come.
    it.each([31, 32, 33, 63, 64, 65])('hides nothing that comes after it caught up with %p events', async (behind) => {
      const [followed, other] = [newAggregate(), newAggregate()];
      const prefixes = [`${followed}-`];
      for (const aggregate of [other, followed]) {
        const after = await here(store(), followed);
        await store().append(newStream(aggregate), numbered(behind), 'no-stream');
        const position = (await pagesUntil(store(), { prefixes, after }, caughtUp)).at(-1)!.position;
        const next = await store().append(newStream(followed), numbered(1, behind), 'no-stream');
        expect(position < next.position).toBe(true);
        const resumed = await eventsUntil(store(), { prefixes, after: position }, count(1));
        expect(resumed.map(numberOf)).toEqual([behind]);
      }
    });

    it('never gives a position behind its last event, nor one that goes back', async () => {
      const aggregate = newAggregate();
      await store().append(newStream(aggregate), numbered(30), 'no-stream');
      const pages = await pagesUntil(store(), { prefixes: [`${aggregate}-`], pageSize: 4 }, count(30));
      for (const page of pages) {
        expect(page.events.length).toBeLessThanOrEqual(4);
        for (const event of page.events) expect(event.position <= page.position).toBe(true);
      }
      const positions = pages.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted());
    });

    it('marks when it has caught up, also when there is nothing to give', async () => {
      const aggregate = newAggregate();
      expect(await eventsUntil(store(), { prefixes: [`${aggregate}-`] }, caughtUp)).toEqual([]);
      await store().append(newStream(aggregate), numbered(10), 'no-stream');
      expect(await eventsUntil(store(), { prefixes: [`${aggregate}-`], pageSize: 3 }, caughtUp)).toHaveLength(10);
    });

    it('does not say that it has caught up while more is there', async () => {
      const aggregate = newAggregate();
      await store().append(newStream(aggregate), numbered(10), 'no-stream');
      const pages = await pagesUntil(store(), { prefixes: [`${aggregate}-`], pageSize: 3 }, count(9));
      expect(pages.slice(0, 3).map((page) => page.caughtUp)).toEqual([false, false, false]);
    });
  });
};
