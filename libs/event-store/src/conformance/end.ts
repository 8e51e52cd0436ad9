import { describe, expect, it } from '@jest/globals';
import { type Position, positionOf, START } from '@rapport/kernel';
import { WrongExpectedRevision } from '../errors.js';
import type { CurrentStore } from './event-store-under-test.js';
import { caughtUp, count, eventsUntil, pagesUntil } from './following.js';
import { newStream, noteTaken, numbered } from './sample-events.js';

export const describeEnd = (store: CurrentStore): void => {
  describe('end', () => {
    it('is the start before anything was written', async () => {
      expect(await store().end()).toBe(START);
    });

    it('is the position of the last event, whichever stream it is in', async () => {
      const [stream, other] = [newStream(), newStream()];
      for (const append of [
        () => store().append(stream, numbered(3), 'no-stream'),
        () => store().append(other, numbered(1), 'no-stream'),
        () => store().append(stream, numbered(1, 3), 2),
      ]) {
        const { position } = await append();
        expect(await store().end()).toBe(position);
        expect(await store().end()).toBe(position);
      }
      const followed = await eventsUntil(store(), {}, count(5));
      expect(await store().end()).toBe(followed.at(-1)!.position);
    });

    it('is not moved by appends that write nothing', async () => {
      const stream = newStream();
      const events = [noteTaken()];
      const { position } = await store().append(stream, events, 'no-stream');
      await store().append(stream, events, 'no-stream');
      await store().append(stream, [], 0);
      await expect(store().append(stream, [noteTaken()], 7)).rejects.toThrow(WrongExpectedRevision);
      expect(await store().end()).toBe(position);
    });

    it('includes everything whose append had resolved, while several write', async () => {
      const write = async (): Promise<void> => {
        const stream = newStream();
        for (let n = 0; n < 10; n += 1) {
          const { position } = await store().append(stream, numbered(2, 2 * n), 'any');
          expect((await store().end()) >= position).toBe(true);
        }
      };
      await Promise.all([write(), write(), write()]);
    });

    it('lacks nothing of what was given to a follower, and whatever comes behind', async () => {
      const beyond = (position: Position): Position => positionOf(BigInt(position) + 1_000_000_000n);
      expect(await store().lacks(START)).toBe(false);
      await store().append(newStream(), numbered(3), 'no-stream');
      const pages = await pagesUntil(store(), {}, caughtUp);
      const { position } = pages.at(-1)!;
      expect(await store().lacks(position)).toBe(false);
      expect(await store().lacks(beyond(position))).toBe(true);
      expect(await store().lacks(positionOf(2n ** 64n - 1n))).toBe(true);
    });

    it('is reached by every follower, also by one that the last event does not concern', async () => {
      const [mine, other] = [newStream(), newStream()];
      await store().append(mine, numbered(1), 'no-stream');
      await store().append(other, numbered(1), 'no-stream');
      const end = await store().end();
      const prefixes = [mine.slice(0, mine.indexOf('-') + 1)];
      const pages = await pagesUntil(store(), { prefixes }, caughtUp);
      expect(pages.at(-1)!.position >= end).toBe(true);
    });
  });
};
