import { describe, expect, it } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { streamName } from '../stream-name.js';
import type { CurrentStore, EventStoreFeatures } from './event-store-under-test.js';
import { caughtUp, eventsUntil } from './following.js';
import { idsOf, newAggregate, newStream, noteTaken, numbered } from './sample-events.js';

export const describeRemoving = (store: CurrentStore, { removedAreFollowed }: EventStoreFeatures): void => {
  describe('removing a tenant', () => {
    const idsIn = async (stream: string): Promise<readonly string[]> => {
      const found = [];
      for await (const event of store().read(stream)) found.push(event);
      return idsOf(found);
    };

    it('takes its streams away, but for what is kept, and nobody else’s', async () => {
      const aggregate = newAggregate();
      const names = [aggregate, `contacts.${newAggregate()}@2`, 'remains', 'contacts.remains@2'];
      const [first, second, ...kept] = names.map((each) => streamName(each, 'gone', newId()));
      const others = [
        streamName(aggregate, 'gone_too', newId()),
        streamName(aggregate, 'a', newId()),
        newStream(aggregate),
      ];
      const written = new Map<string, readonly string[]>();
      for (const stream of [first!, ...others, second!, ...kept]) {
        const events = numbered(3);
        await store().append(stream, events, 'no-stream');
        written.set(stream, idsOf(events));
      }
      const end = await store().end();
      expect(await store().removeTenant('gone', KEPT)).toEqual({ streams: 2, events: 6 });
      for (const stream of [first!, second!]) expect(await idsIn(stream)).toEqual([]);
      for (const stream of [...others, ...kept]) expect(await idsIn(stream)).toEqual(written.get(stream));
      expect(await store().lacks(end)).toBe(false);
      const followed = await eventsUntil(store(), {}, caughtUp);
      const left = new Set(followed.map(({ stream }) => stream));
      for (const stream of [...others, ...kept]) expect(left).toContain(stream);
      expect(left.has(first!)).toBe(removedAreFollowed);
    });

    it('can be repeated, and gives no position a second time', async () => {
      const [aggregate, stay] = [newAggregate(), newStream()];
      await store().append(stay, numbered(1), 'no-stream');
      const { position } = await store().append(streamName(aggregate, 'gone', newId()), numbered(5), 'no-stream');
      await store().removeTenant('gone', KEPT);
      expect((await store().end()) >= position || removedAreFollowed).toBe(true);
      await store().removeTenant('gone', KEPT);
      await store().removeTenant('nobody', KEPT);
      const next = await store().append(stay, [noteTaken()], 0);
      expect(next.position > position).toBe(true);
      const prefixes = [`${aggregate}-`, stay];
      const behind = await eventsUntil(store(), { prefixes, after: position }, (events) => events.length > 0);
      expect(behind.map((event) => event.position)).toEqual([next.position]);
    });
  });
};

const KEPT = ['remains'];
