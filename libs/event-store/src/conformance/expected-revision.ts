import { describe, expect, it } from '@jest/globals';
import { START } from '@rapport/kernel';
import { WrongExpectedRevision } from '../errors.js';
import type { ExpectedRevision } from '../event-store.js';
import type { CurrentStore } from './event-store-under-test.js';
import { readAll } from './reading.js';
import { idsOf, newStream, numbered } from './sample-events.js';

/** Head of the stream before the append, what was expected, and the last revision after two new events or the refusal. */
type Case = readonly [head: number, expected: ExpectedRevision, outcome: number | 'refused'];

const CASES: readonly Case[] = [
  [-1, 'any', 1],
  [-1, 'no-stream', 1],
  [-1, 'exists', 'refused'],
  [-1, 0, 'refused'],
  [-1, 5, 'refused'],
  [4, 'any', 6],
  [4, 'no-stream', 'refused'],
  [4, 'exists', 6],
  [4, 4, 6],
  [4, 3, 'refused'],
  [4, 0, 'refused'],
  [4, 5, 'refused'],
  [4, 99, 'refused'],
];

export const describeExpectedRevision = (store: CurrentStore): void => {
  describe('expected revision', () => {
    const streamAt = async (head: number): Promise<string> => {
      const stream = newStream();
      if (head >= 0) await store().append(stream, numbered(head + 1), 'no-stream');
      return stream;
    };

    const expectRefusal = async (stream: string, head: number, append: Promise<unknown>): Promise<void> => {
      const refusal = await append.then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refusal).toBeInstanceOf(WrongExpectedRevision);
      expect(refusal).toMatchObject({ kind: 'stale', stream, actual: head, details: { currentRevision: head } });
      expect(await readAll(store(), stream)).toHaveLength(head + 1);
    };

    it.each(CASES)('a stream at %p, expected at %p: %p', async (head, expected, outcome) => {
      const stream = await streamAt(head);
      const events = numbered(2, head + 1);
      const append = store().append(stream, events, expected);
      if (outcome === 'refused') return expectRefusal(stream, head, append);
      const { revision, position } = await append;
      const stored = await readAll(store(), stream);
      expect(revision).toBe(outcome);
      expect(stored.at(-1)).toMatchObject({ revision, position });
      expect(idsOf(stored.slice(-2))).toEqual(idsOf(events));
    });

    it.each(CASES)(
      'no events for a stream at %p, expected at %p: the same check, nothing written',
      async (head, expected, outcome) => {
        const stream = await streamAt(head);
        const append = store().append(stream, [], expected);
        if (outcome === 'refused') return expectRefusal(stream, head, append);
        expect(await append).toEqual({ revision: head, position: START });
        expect(await readAll(store(), stream)).toHaveLength(head + 1);
      },
    );

    it('lets one of two racing writers win', async () => {
      const stream = await streamAt(2);
      const race = [numbered(1, 3), numbered(2, 3)];
      const outcomes = await Promise.allSettled(race.map((events) => store().append(stream, events, 2)));
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect(outcomes[1 - winner]).toMatchObject({ status: 'rejected', reason: { code: 'wrong-expected-revision' } });
      expect(idsOf((await readAll(store(), stream)).slice(3))).toEqual(idsOf(race[winner]!));
    });

    it('lets exactly one of many racing creators win', async () => {
      const stream = newStream();
      const outcomes = await Promise.allSettled(
        numbered(20).map((event) => store().append(stream, [event], 'no-stream')),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await readAll(store(), stream)).toHaveLength(1);
    });

    it('takes all of racing writers that expect nothing, one after the other', async () => {
      const stream = newStream();
      const batches = Array.from({ length: 20 }, (_, n) => numbered(3, n * 3));
      await Promise.all(batches.map((events) => store().append(stream, events, 'any')));
      const stored = await readAll(store(), stream);
      expect(stored.map(({ revision }) => revision)).toEqual(Array.from({ length: 60 }, (_, n) => n));
      for (const batch of batches) {
        const first = stored.findIndex(({ id }) => id === batch[0]!.id);
        expect(idsOf(stored.slice(first, first + 3))).toEqual(idsOf(batch));
      }
    });
  });
};
