import { describe, expect, it } from '@jest/globals';
import type { Group } from '@rapport/read-models';
import fc from 'fast-check';
import { cycleDays, outcomeReport } from './outcome-report.js';

const group = (key: Group['key'], count: number, sums: Group['sums'] = {}): Group => ({ key, count, sums });

describe('the outcome report', () => {
  it('counts, rates and adds up', () => {
    const report = outcomeReport(
      {
        stages: [
          group(['lost', 'Lost'], 1),
          group(['open', 'Old'], 4),
          group(['open', 'Engaging'], 3),
          group(['won', 'Won'], 2),
        ],
        wonAmounts: [group(['USD'], 1, { 'amount.minor': 500n }), group([null], 1, { 'amount.minor': 0n })],
        wonCycles: [group([3], 1), group([10], 1)],
      },
      ['Prospecting', 'Engaging'],
    );
    expect(report).toEqual({
      opportunities: 10,
      open: 7,
      won: 2,
      lost: 1,
      winRate: 66.67,
      wonAmounts: [{ minor: 500, currency: 'USD' }],
      wonCycleDays: { mean: 6.5, median: 6.5 },
      stages: [
        { stage: 'Prospecting', count: 0 },
        { stage: 'Engaging', count: 3 },
        { stage: 'Old', count: 4 },
        { stage: 'Won', count: 2 },
        { stage: 'Lost', count: 1 },
      ],
    });
  });

  it('has no rate and no cycle before anything is closed', () => {
    const report = outcomeReport({ stages: [group(['open', 'A'], 1)], wonAmounts: [], wonCycles: [] }, []);
    expect(report).toMatchObject({ opportunities: 1, winRate: undefined, wonCycleDays: undefined });
  });

  it('finds the mean and the median that the single lengths have', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 40 }), (lengths) => {
        const sorted = [...lengths].sort((left, right) => left - right);
        const middle = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.floor(sorted.length / 2)]!];
        const groups = [...new Set(lengths)].map((days) => group([days], lengths.filter((one) => one === days).length));
        const found = cycleDays(groups)!;
        expect(found.median).toBe((middle[0]! + middle[1]!) / 2);
        expect(found.mean).toBeCloseTo(lengths.reduce((sum, one) => sum + one, 0) / lengths.length, 1);
      }),
    );
  });
});
