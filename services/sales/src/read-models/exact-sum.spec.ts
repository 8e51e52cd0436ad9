import { describe, expect, it } from '@jest/globals';
import { exactSum } from './exact-sum.js';
import { outcomeReport } from './outcomes/outcome-report.js';
import { wonGroups } from './won-value/won-report.js';

const MOST = Number.MAX_SAFE_INTEGER;
const tooLarge = expect.objectContaining({ kind: 'invalid', code: 'sum-too-large' });

describe('a sum of amounts', () => {
  it('is told as long as that is exact, and refused with what to do from there on', () => {
    for (const minor of [0, MOST, -MOST]) expect(exactSum(minor, 'USD')).toEqual({ minor, currency: 'USD' });
    for (const minor of [MOST + MOST, -MOST - 1, NaN]) expect(() => exactSum(minor, 'USD')).toThrow(tooLarge);
    expect(() => exactSum(MOST + MOST, 'USD')).toThrow(/in USD add up to more than 9007199254740991/);
  });

  it('is the same in every report', () => {
    const won = (minor: number) => ({ key: ['USD'], count: 1, sums: { 'amount.minor': minor } });
    const report = (minor: number) => outcomeReport({ stages: [], wonAmounts: [won(minor)], wonCycles: [] }, []);
    expect(report(MOST).wonAmounts).toEqual([{ minor: MOST, currency: 'USD' }]);
    expect(() => report(MOST + MOST)).toThrow(tooLarge);
    const added = { key: ['USD'], count: 1, sums: { count: 1, amountMinor: MOST } };
    const names = { owners: new Map(), products: new Map(), accounts: new Map(), pipelines: new Map() };
    expect(wonGroups([], [added], names)).toMatchObject([{ amount: { minor: MOST } }]);
    expect(() => wonGroups([], [added, added], names)).toThrow(tooLarge);
  });
});
