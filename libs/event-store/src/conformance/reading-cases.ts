import { describe, expect, it } from '@jest/globals';
import type { ReadOptions } from '../event-store.js';
import type { CurrentStore } from './event-store-under-test.js';
import { readAll } from './reading.js';
import { newStream, numbered, numberOf } from './sample-events.js';

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, n) => (from <= to ? from + n : from - n));

const CASES: readonly (readonly [ReadOptions, number[]])[] = [
  [{}, range(0, 9)],
  [{ from: 3 }, range(3, 9)],
  [{ from: 9 }, [9]],
  [{ from: 10 }, []],
  [{ limit: 4 }, range(0, 3)],
  [{ from: 8, limit: 4 }, [8, 9]],
  [{ limit: 0 }, []],
  [{ direction: 'backwards' }, range(9, 0)],
  [{ direction: 'backwards', from: 3 }, range(3, 0)],
  [{ direction: 'backwards', from: 0 }, [0]],
  [{ direction: 'backwards', from: 99 }, range(9, 0)],
  [{ direction: 'backwards', limit: 1 }, [9]],
  [{ direction: 'backwards', from: 5, limit: 2 }, [5, 4]],
];

const MANY = 10_000;

export const describeReading = (store: CurrentStore): void => {
  describe('reading', () => {
    it.each(CASES)('%j of ten events', async (options, numbers) => {
      const stream = newStream();
      await store().append(stream, numbered(10), 'no-stream');
      expect((await readAll(store(), stream, options)).map(numberOf)).toEqual(numbers);
    });

    it.each(['forwards', 'backwards'] as const)('finds nothing in a missing stream, %s', async (direction) => {
      expect(await readAll(store(), newStream(), { direction })).toEqual([]);
    });

    it('gives only the events of the stream, also when another has a longer name', async () => {
      const stream = newStream();
      await store().append(`${stream}x`, numbered(3), 'no-stream');
      await store().append(stream, numbered(1, 7), 'no-stream');
      expect((await readAll(store(), stream)).map(numberOf)).toEqual([7]);
    });

    it('pages through 10,000 events both ways, each once and in order', async () => {
      const stream = newStream();
      for (let n = 0; n < MANY; n += 500) await store().append(stream, numbered(500, n), n === 0 ? 'no-stream' : n - 1);
      expect((await readAll(store(), stream)).map(numberOf)).toEqual(range(0, MANY - 1));
      expect((await readAll(store(), stream, { direction: 'backwards' })).map(numberOf)).toEqual(range(MANY - 1, 0));
      const paged: number[] = [];
      for (let from = 0; from < MANY; from += 999) {
        paged.push(...(await readAll(store(), stream, { from, limit: 999 })).map(numberOf));
      }
      expect(paged).toEqual(range(0, MANY - 1));
    }, 60_000);

    it('can be left early and begun again', async () => {
      const stream = newStream();
      await store().append(stream, numbered(300), 'no-stream');
      for (let round = 0; round < 200; round += 1) {
        for await (const event of store().read(stream)) {
          expect(numberOf(event)).toBe(0);
          break;
        }
      }
      expect((await store().append(stream, numbered(1), 299)).revision).toBe(300);
    }, 60_000);
  });
};
