import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import type { Group } from '@rapport/read-models';
import type { Names } from '../won-value/won-dimensions.js';
import { forecastContributions } from './forecast-cells.js';
import { checkPeriod, forecastDimensions, forecastGroups } from './forecast.js';

const names: Names = {
  fiscalYearStartsIn: 1,
  owners: new Map([
    ['o1', { name: 'Ada', manager: 'Mia' }],
    ['o2', { name: 'Bo', manager: 'Mia' }],
  ]),
  products: new Map(),
  accounts: new Map(),
  survivors: new Map(),
  pipelines: new Map(),
};

describe('what an opportunity adds to a forecast', () => {
  const open = {
    pipelineId: 'p',
    status: 'open',
    expectedCloseOn: '2017-03-31',
    forecastCategory: 'commit',
    ownerId: 'o1',
    amount: { minor: 101, currency: 'USD' },
    probability: 50,
    archived: false,
  } as const;
  const dimensions = { pipelineId: 'p', closesOn: '2017-03-31', category: 'commit', ownerId: 'o1', currency: 'USD' };

  it('is its amount on the day on which its order is expected, or came', () => {
    expect(forecastContributions(open)).toEqual([
      { dimensions, measures: { count: 1, amountMinor: 101, weightedMinor: 51 } },
    ]);
    const won = { status: 'won', closedOn: '2017-03-01', forecastCategory: 'closed', probability: 100 } as const;
    expect(forecastContributions({ ...open, ...won })).toMatchObject([
      { dimensions: { closesOn: '2017-03-01', category: 'closed' }, measures: { weightedMinor: 101 } },
    ]);
  });

  it('is nothing when it is omitted, has no day, or is archived', () => {
    const { expectedCloseOn: _, ...dayless } = open;
    expect(forecastContributions(dayless)).toEqual([]);
    expect(forecastContributions({ ...open, forecastCategory: 'omitted' })).toEqual([]);
    expect(forecastContributions({ ...open, archived: true })).toEqual([]);
    const lost = { status: 'lost', closedOn: '2017-03-01', forecastCategory: 'omitted', probability: 0 } as const;
    expect(forecastContributions({ ...open, ...lost })).toEqual([]);
  });
});

describe('a forecast', () => {
  const sum = (key: Group['key'], count: number, amount: number, weighted: number): Group => ({
    key,
    count: 1,
    sums: { count: BigInt(count), amountMinor: BigInt(amount), weightedMinor: BigInt(weighted) },
  });
  const USD = (minor: number) => ({ minor, currency: 'USD' });
  const none = { count: 0, amount: USD(0) };

  it('adds up categories side by side, and what is to be expected of all', () => {
    const sums = [
      sum(['2017-01-05', 'o1', 'commit', 'USD'], 1, 10, 9),
      sum(['2017-03-31', 'o2', 'commit', 'USD'], 2, 20, 10),
      sum(['2017-02-01', 'o2', 'closed', 'USD'], 1, 5, 5),
      sum(['2017-02-01', 'o2', 'pipeline', 'USD'], 0, 0, 0),
      sum(['2017-04-01', '', 'bestCase', ''], 1, 0, 0),
    ];
    expect(forecastGroups(['quarter', 'manager'], sums, names)).toEqual([
      {
        ...{ key: ['2017-Q1', 'Mia'], ids: ['', ''], pipeline: none, bestCase: none },
        ...{ commit: { count: 3, amount: USD(30) }, closed: { count: 1, amount: USD(5) }, expected: USD(24) },
      },
      expect.objectContaining({ key: ['2017-Q2', ''], bestCase: { count: 1, amount: undefined }, expected: undefined }),
    ]);
  });

  it('is of everything where it is grouped by nothing, and of nothing that has gone', () => {
    expect(forecastGroups([], [sum(['closed', 'USD'], 2, 7, 7)], names)).toMatchObject([{ key: [], expected: USD(7) }]);
    expect(forecastGroups([], [sum(['closed', 'USD'], 0, 0, 0)], names)).toEqual([]);
  });

  it('refuses what it cannot be grouped by, and a period that ends before it begins', () => {
    expect(forecastDimensions(undefined)).toEqual([]);
    expect(forecastDimensions('quarter, owner')).toEqual(['quarter', 'owner']);
    expect(() => forecastDimensions('product')).toThrow(DomainError);
    expect(() => forecastDimensions('planet')).toThrow(DomainError);
    expect(() => checkPeriod({ from: '2017-02-01', to: '2017-01-31' })).toThrow(/cannot end on/);
  });
});
