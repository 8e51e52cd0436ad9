import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batchesOf, fitTogether } from './batches.js';

const message = (value: string) => ({ topic: 't', key: 'k', headers: { a: 'b' }, value });

it('cuts into batches that hold everything in order', () => {
  const size = fc.oneof({ weight: 20, arbitrary: fc.constant(10) }, fc.integer({ min: 0, max: 600_000 }));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_100 }), fc.array(size, { maxLength: 50 }), (many, sizes) => {
      const messages = [...sizes, ...new Array<number>(many).fill(1)].map((length) => message('x'.repeat(length)));
      const batches = batchesOf(messages);
      const together = batches.flatMap((batch) => batch.messages);
      expect(together.length).toBe(messages.length);
      expect(together.every((each, at) => each === messages[at])).toBe(true);
      for (const batch of batches) {
        expect(batch.messages.length).toBeGreaterThan(0);
        expect(batch.messages.length).toBeLessThanOrEqual(500);
        expect(batch.bytes <= 512 * 1_024 || batch.messages.length === 1).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

it('counts bytes, not characters', () => {
  expect(batchesOf([message('é'.repeat(200_000)), message('é'.repeat(200_000))])).toHaveLength(2);
  expect(batchesOf([message('e'.repeat(200_000)), message('e'.repeat(200_000))])).toHaveLength(1);
});

it('puts a batch that is too large for any request into one of its own', () => {
  const size = { count: 0, bytes: 0 };
  const [large] = batchesOf([message('x'.repeat(900_000))]);
  const [small] = batchesOf([message('x')]);
  expect(fitTogether(size, large!)).toBe(true);
  expect(fitTogether(size, small!)).toBe(false);
});
