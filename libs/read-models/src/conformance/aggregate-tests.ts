import { expect, it } from '@jest/globals';
import { where } from '../filter/filter.js';
import { everythingOf, type Bench } from './subject.js';

const DOCUMENTS = [
  { id: '1', stage: 'open', active: true, amount: { minor: 100 }, day: '2026-01-02' },
  { id: '2', stage: 'open', active: false, amount: { minor: 50 } },
  { id: '3', stage: 'Open', amount: { minor: 1 } },
  { id: '4', stage: 'won', active: true },
  { id: '5', amount: { minor: 100 } },
  { id: '6', stage: null, amount: null },
];

export const aggregateTests = (bench: () => Bench): void => {
  const filled = async (): Promise<string> => {
    const { put, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, DOCUMENTS);
    return tenant;
  };

  it('groups by exact values in their order, missing last, and adds up with missing as 0', async () => {
    const groups = await bench().things.aggregate(everythingOf(await filled()), {
      groupBy: ['stage'],
      sums: ['amount.minor'],
    });
    expect(groups).toEqual([
      { key: ['Open'], count: 1, sums: { 'amount.minor': 1n } },
      { key: ['open'], count: 2, sums: { 'amount.minor': 150n } },
      { key: ['won'], count: 1, sums: { 'amount.minor': 0n } },
      { key: [null], count: 2, sums: { 'amount.minor': 100n } },
    ]);
  });

  it('groups by several fields of any type but lists, nested ones too', async () => {
    const tenant = await filled();
    const keys = async (...groupBy: string[]) =>
      (await bench().things.aggregate(everythingOf(tenant), { groupBy })).map(({ key, count }) => [...key, count]);
    expect(await keys('amount.minor')).toEqual([
      [1, 1],
      [50, 1],
      [100, 2],
      [null, 2],
    ]);
    expect(await keys('active', 'day')).toEqual([
      [false, null, 1],
      [true, '2026-01-02', 1],
      [true, null, 1],
      [null, null, 3],
    ]);
  });

  it('filters first; without grouping there is one group, even of nothing', async () => {
    const tenant = await filled();
    const total = (stage: string) =>
      bench().things.aggregate(everythingOf(tenant), {
        filter: where('stage', '=', stage),
        groupBy: [],
        sums: ['amount.minor'],
      });
    expect(await total('open')).toEqual([{ key: [], count: 2, sums: { 'amount.minor': 150n } }]);
    expect(await total('none')).toEqual([{ key: [], count: 0, sums: { 'amount.minor': 0n } }]);
  });

  it.each([
    [{ groupBy: ['tags'] }, 'bad-groupBy'],
    [{ groupBy: ['nope'] }, 'bad-groupBy'],
    [{ groupBy: [], sums: ['name'] }, 'bad-sums'],
  ])('refuses %j', async (aggregation, code) => {
    await expect(bench().things.aggregate(everythingOf('any'), aggregation)).rejects.toMatchObject({
      kind: 'invalid',
      code,
    });
  });
};
