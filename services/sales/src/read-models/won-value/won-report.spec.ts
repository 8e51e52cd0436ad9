import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import type { Group } from '@rapport/read-models';
import { wonContributions } from './won-cells.js';
import { dimensionNames, type Names } from './won-dimensions.js';
import { fieldsBehind, wonGroups } from './won-report.js';

const names: Names = {
  fiscalYearStartsIn: 1,
  owners: new Map([
    ['o1', { name: 'Ada', manager: 'Mia', region: 'West' }],
    ['o2', { name: 'Bo', manager: 'Mia' }],
  ]),
  products: new Map([['p1', { name: 'GTX Pro' }]]),
  accounts: new Map(),
  survivors: new Map(),
  pipelines: new Map(),
};

const sum = (key: Group['key'], count: number, amountMinor: number): Group => ({
  key,
  count: 1,
  sums: { count: BigInt(count), amountMinor: BigInt(amountMinor) },
});

describe('what an opportunity adds to the won value', () => {
  const won = { pipelineId: 'p', status: 'won', closedOn: '2017-03-01', ownerId: 'o1', archived: false } as const;

  it('is its amount on the day it was won', () => {
    expect(wonContributions({ ...won, amount: { minor: 5, currency: 'USD' } })).toEqual([
      {
        dimensions: {
          pipelineId: 'p',
          closedOn: '2017-03-01',
          ownerId: 'o1',
          productId: '',
          accountId: '',
          currency: 'USD',
        },
        measures: { count: 1, amountMinor: 5 },
      },
    ]);
  });

  it('is nothing while it is not won, or archived', () => {
    expect(wonContributions({ ...won, status: 'lost' })).toEqual([]);
    expect(wonContributions({ ...won, archived: true })).toEqual([]);
  });
});

describe('the won report', () => {
  it('reads dimensions in order and refuses unknown ones by name', () => {
    expect(dimensionNames('quarter, region')).toEqual(['quarter', 'region']);
    expect(() => dimensionNames('quarter,planet')).toThrow(DomainError);
    expect(() => dimensionNames('constructor')).toThrow(/"constructor"/);
  });

  it('needs each field of the cells once', () => {
    expect(fieldsBehind(['manager', 'quarter', 'owner', 'month'])).toEqual(['ownerId', 'closedOn']);
  });

  it('merges days into quarters and owners into managers', () => {
    const sums = [
      sum(['2017-03-31', 'o1', 'USD'], 1, 10),
      sum(['2017-01-01', 'o2', 'USD'], 2, 20),
      sum(['2017-04-01', 'o2', 'USD'], 3, 30),
    ];
    expect(wonGroups(['quarter', 'manager'], sums, names)).toEqual([
      { key: ['2017-Q1', 'Mia'], ids: ['', ''], count: 3, amount: { minor: 30, currency: 'USD' } },
      { key: ['2017-Q2', 'Mia'], ids: ['', ''], count: 3, amount: { minor: 30, currency: 'USD' } },
    ]);
  });

  it('calls quarters and years by the fiscal year, which is called by the year it ends in', () => {
    const days = ['2017-03-31', '2017-04-01', '2018-01-01', '2018-03-31', '2018-04-01'];
    const labels = (fiscalYearStartsIn: number, dimension: string) =>
      days.map((day) => wonGroups([dimension], [sum([day, 'USD'], 1, 1)], { ...names, fiscalYearStartsIn })[0]!.key[0]);
    const british = ['FY2017-Q4', 'FY2018-Q1', 'FY2018-Q4', 'FY2018-Q4', 'FY2019-Q1'];
    expect(labels(4, 'quarter')).toEqual(british);
    expect(labels(4, 'year')).toEqual(british.map((label) => label.slice(0, 6)));
    expect(labels(1, 'quarter')).toEqual(['2017-Q1', '2017-Q2', '2018-Q1', '2018-Q1', '2018-Q2']);
    expect(labels(12, 'month')).toEqual(days.map((day) => day.slice(0, 7)));
    expect(labels(12, 'year')[0]).toBe('FY2017');
  });

  it('keeps currencies apart, groups without a name last, and drops what was taken back', () => {
    const sums = [
      sum(['', 'USD'], 1, 1),
      sum(['p1', 'USD'], 1, 2),
      sum(['p1', 'EUR'], 1, 3),
      sum(['p1', ''], 1, 0),
      sum(['p1', 'GBP'], 0, 0),
    ];
    expect(wonGroups(['product'], sums, names)).toEqual([
      { key: ['GTX Pro'], ids: ['p1'], count: 1, amount: { minor: 3, currency: 'EUR' } },
      { key: ['GTX Pro'], ids: ['p1'], count: 1, amount: { minor: 2, currency: 'USD' } },
      { key: ['GTX Pro'], ids: ['p1'], count: 1, amount: undefined },
      { key: [''], ids: [''], count: 1, amount: { minor: 1, currency: 'USD' } },
    ]);
  });

  it('keeps two owners of one name apart', () => {
    const twins = {
      ...names,
      owners: new Map([
        ['a', { name: 'Ada' }],
        ['b', { name: 'Ada' }],
      ]),
    };
    expect(wonGroups(['owner'], [sum(['b', 'USD'], 1, 1), sum(['a', 'USD'], 1, 1)], twins)).toMatchObject([
      { ids: ['a'] },
      { ids: ['b'] },
    ]);
  });
});
