import { describe, expect, it } from '@jest/globals';
import type { Group } from '@rapport/read-models';
import { hardwareSales } from '../../domain/opportunity/opportunity.examples.js';
import { boardContributions } from './board-cells.js';
import { columnsOf } from './board.js';

const group = (stage: string, currency: string, count: number, amountMinor = 0, weightedMinor = 0): Group => ({
  key: [stage, currency],
  count: 7,
  sums: { count, amountMinor, weightedMinor },
});

describe('what an opportunity adds to the board', () => {
  const open = { pipelineId: 'p', stage: 'Engaging', probability: 33, archived: false };

  it('is its amount, and its weighted amount rounded to a whole minor unit', () => {
    expect(boardContributions({ ...open, amount: { minor: 101, currency: 'USD' } })).toEqual([
      {
        dimensions: { pipelineId: 'p', stage: 'Engaging', currency: 'USD' },
        measures: { count: 1, amountMinor: 101, weightedMinor: 33 },
      },
    ]);
  });

  it('is only itself without an amount, and nothing once archived', () => {
    expect(boardContributions(open)).toMatchObject([{ dimensions: { currency: '' }, measures: { amountMinor: 0 } }]);
    expect(boardContributions({ ...open, archived: true })).toEqual([]);
  });
});

describe('a board', () => {
  it('has every stage in order, then those that are gone but not empty, then Won and Lost', () => {
    const groups = [group('Lost', 'USD', 1, 5), group('Ancient', 'USD', 2, 10, 1), group('Forgotten', 'USD', 0)];
    expect(columnsOf(hardwareSales, groups).map(({ stage, count }) => [stage, count])).toEqual([
      ['Prospecting', 0],
      ['Engaging', 0],
      ['Ancient', 2],
      ['Won', 0],
      ['Lost', 1],
    ]);
  });

  it('counts all and adds up per currency', () => {
    const groups = [group('Engaging', '', 3), group('Engaging', 'EUR', 1, 100, 50), group('Engaging', 'USD', 2, 9, 4)];
    expect(columnsOf(hardwareSales, groups)[1]).toEqual({
      stage: 'Engaging',
      count: 6,
      amounts: [
        { amount: { minor: 100, currency: 'EUR' }, weighted: { minor: 50, currency: 'EUR' } },
        { amount: { minor: 9, currency: 'USD' }, weighted: { minor: 4, currency: 'USD' } },
      ],
    });
  });
});
