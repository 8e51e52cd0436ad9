import { describe, expect, it } from '@jest/globals';
import type { Group } from '@rapport/read-models';
import { totals } from './totals.js';

const group = (currency: string | null, count: number, amount: bigint, expected: bigint): Group => ({
  key: [currency],
  count,
  sums: { 'amount.minor': amount, 'expectedRevenue.minor': expected },
});

describe('totals', () => {
  it('are told by currency, and count what has no amount as well', () => {
    expect(totals([group('USD', 2, 30n, 9n), group(null, 3, 0n, 0n), group('EUR', 1, 5n, 1n)])).toEqual({
      count: 6,
      data: [
        { count: 1, amount: { minor: 5, currency: 'EUR' }, expectedRevenue: { minor: 1, currency: 'EUR' } },
        { count: 2, amount: { minor: 30, currency: 'USD' }, expectedRevenue: { minor: 9, currency: 'USD' } },
      ],
    });
  });

  it('are exact at any size, and nothing of nothing', () => {
    expect(totals([group('USD', 2, 18_014_398_509_481_982n, 0n)]).data[0]!.amount).toEqual({
      ...{ currency: 'USD', largeMinor: '18014398509481982' },
    });
    expect(totals([])).toEqual({ count: 0, data: [] });
  });
});
