import { describe, expect, it } from '@jest/globals';
import { median, percentile, percentiles } from './figures.js';

const oneToHundred = Array.from({ length: 100 }, (_, n) => 100 - n);

describe('percentile', () => {
  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('of %d is a value that was seen', (share, expected) => {
    expect(percentile(oneToHundred, share)).toBe(expected);
  });

  it('of few values is the largest rather than one below it', () => {
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('median', () => {
  it('is the middle, or between the two in the middle', () => {
    expect([median([9, 1, 5]), median([4, 1, 2, 9])]).toEqual([5, 3]);
  });
});

describe('percentiles', () => {
  it('names what it gives', () => {
    expect(percentiles(oneToHundred, 0.5, 0.95)).toBe('p50 50 ms, p95 95 ms');
  });
});
