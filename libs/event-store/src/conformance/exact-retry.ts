import { describe, expect, it } from '@jest/globals';
import { WrongExpectedRevision } from '../errors.js';
import type { CurrentStore, EventStoreFeatures } from './event-store-under-test.js';
import { readAll } from './reading.js';
import { newStream, noteTaken, numbered } from './sample-events.js';

export const describeExactRetry = (store: CurrentStore, features: EventStoreFeatures): void => {
  describe('exact retry', () => {
    const expectStored = async (stream: string, count: number): Promise<void> => {
      expect(await readAll(store(), stream)).toHaveLength(count);
    };

    it.each([
      ['no-stream', 0],
      [4, 5],
    ] as const)('expected at %p: gives the first answer again, also after other appends', async (expected, before) => {
      const stream = newStream();
      await store().append(stream, numbered(before), 'no-stream');
      const events = numbered(3);
      const first = await store().append(stream, events, expected);
      expect(await store().append(stream, events, expected)).toEqual(first);
      await store().append(stream, numbered(4), first.revision);
      expect(await store().append(stream, events, expected)).toEqual(first);
      await expectStored(stream, before + 7);
    });

    it('recognises the beginning of what was appended', async () => {
      const stream = newStream();
      const events = numbered(3);
      await store().append(stream, events, 'no-stream');
      const second = (await readAll(store(), stream))[1]!;
      expect(await store().append(stream, events.slice(0, 2), 'no-stream')).toEqual({
        revision: 1,
        position: second.position,
      });
      await expectStored(stream, 3);
    });

    // An engine may leave such a retry without an answer until the original is replicated, for some seconds.
    it('recognises a retry that races with the original', async () => {
      const stream = newStream();
      const events = numbered(2);
      const [one, other] = await Promise.all([1, 2].map(() => store().append(stream, events, 'no-stream')));
      expect(one).toEqual(other);
      await expectStored(stream, 2);
    }, 30_000);

    const original = numbered(3);
    it.each([
      ['differs from the first event on', [noteTaken(), ...original.slice(1)]],
      ['differs later', [...original.slice(0, 2), noteTaken()]],
      ['is longer', [...original, noteTaken()]],
      ['has another order', [original[1]!, original[0]!, original[2]!]],
      ['is its end only', original.slice(1)],
    ])('refuses a request that %s', async (_, request) => {
      const stream = newStream();
      await store().append(stream, original, 'no-stream');
      await expect(store().append(stream, request, 'no-stream')).rejects.toThrow(WrongExpectedRevision);
      await expectStored(stream, 3);
    });

    it('does not take the same ids with another expected revision for a retry', async () => {
      const stream = newStream();
      const events = numbered(2);
      await store().append(stream, events, 'no-stream');
      await expect(store().append(stream, events, 0)).rejects.toThrow(WrongExpectedRevision);
      expect((await store().append(stream, events, 1)).revision).toBe(3);
      await expectStored(stream, 4);
    });

    it('stores the same event id twice when asked to: ids are not unique', async () => {
      const [stream, other] = [newStream(), newStream()];
      const event = noteTaken();
      expect((await store().append(stream, [event, event], 'no-stream')).revision).toBe(1);
      expect((await store().append(stream, [event], 1)).revision).toBe(2);
      expect((await store().append(other, [event], 'no-stream')).revision).toBe(0);
      await expectStored(stream, 3);
    });

    it(`${features.idempotentAny ? 'recognises' : 'does not recognise'} a retry that expects nothing`, async () => {
      const stream = newStream();
      const events = numbered(2);
      const first = await store().append(stream, events, 'any');
      const second = await store().append(stream, events, 'any');
      expect(second.revision).toBe(features.idempotentAny ? first.revision : 3);
      await expectStored(stream, features.idempotentAny ? 2 : 4);
    });
  });
};
