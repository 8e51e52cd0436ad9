import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { percentOf } from './money.js';

describe('a percentage of an amount', () => {
  it.each([
    [101, 33, 33],
    [50, 1, 1],
    [49, 1, 0],
    [-50, 1, -1],
    [5, 12.5, 1],
    [200, 0.25, 1],
    [0, 50, 0],
    [Number.MAX_SAFE_INTEGER, 100, Number.MAX_SAFE_INTEGER],
    [Number.MAX_SAFE_INTEGER, 99, 8917127262193581],
    [Number.MAX_SAFE_INTEGER, 1e-14, 1],
  ])('of %d: %d percent are %d', (minor, percent, expected) => {
    expect(percentOf(minor, percent)).toBe(expected);
  });

  it('is exact for every amount, rounded half away from zero', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 10_000 }), (minor, hundredths) => {
        const exact = BigInt(Math.abs(minor)) * BigInt(hundredths);
        const rounded = (exact * 2n + 10_000n) / 20_000n;
        expect(BigInt(percentOf(minor, hundredths / 100))).toBe(minor < 0 ? -rounded : rounded);
      }),
      { numRuns: 1000 },
    );
  });
});
