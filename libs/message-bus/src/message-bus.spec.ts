import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PARKED } from './message-bus.js';
import { parkedMessage, unparked } from './parked-message.js';
import { partitionOfKey } from './partition-of-key.js';
import { pauseAfter } from './retry-policy.js';

it('doubles the pause with every try, up to a minute', () => {
  const policy = { attempts: 20, pauseMilliseconds: 100 };
  expect([1, 2, 3, 4].map((attempt) => pauseAfter(attempt, policy))).toEqual([100, 200, 400, 800]);
  expect(pauseAfter(19, policy)).toBe(60_000);
});

it('finds a partition for every key, the same in every version', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 1_024 }), (key, partitions) => {
      const partition = partitionOfKey(key, partitions);
      expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
    }),
  );
  expect(['a', 'foobar', 'Ünïcode'].map((key) => partitionOfKey(key, 1_024))).toEqual([300, 360, 213]);
});

it('spreads keys over partitions', () => {
  const counts = new Array<number>(8).fill(0);
  for (let n = 0; n < 8_000; n += 1) counts[partitionOfKey(`acme/${n}`, 8)]! += 1;
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(300);
});

it('replays exactly what was parked, topics with slashes too', () => {
  const text = fc.string();
  const headers = fc.dictionary(
    fc.string().filter((name) => !name.startsWith('rapport-parked-') && name !== '__proto__'),
    text,
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), text, text, headers, (topic, key, value, given) => {
      const message = { id: `${topic}/3/42`, attempt: 5, topic, key, value, headers: given };
      expect(unparked(parkedMessage(message, 'group', new Error('bad')))).toEqual({
        topic,
        key,
        value,
        headers: { ...given },
      });
    }),
  );
});

it('shortens a long reason', () => {
  const message = { id: 't/0/0', attempt: 1, topic: 't', key: 'k', value: 'v', headers: {} };
  expect(parkedMessage(message, 'g', 'x'.repeat(5_000)).headers[PARKED.reason]).toHaveLength(1_000);
});

it('does not replay what was never parked', () => {
  expect(() => unparked({ topic: 't', key: 'k', value: 'v', headers: {} })).toThrow(/rapport-parked-id/);
});
