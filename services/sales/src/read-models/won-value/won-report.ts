import type { salesV1 } from '@rapport/contracts';
import { measured, measureSums } from '@rapport/processing';
import { and, type Filter, type Group, type Scope, where } from '@rapport/read-models';
import type { Figures } from '../figures-in-sight.js';
import type { Day } from '../../domain/opportunity/day.js';
import { moneySum } from '../money-sum.js';
import { DIMENSIONS, type Names } from './won-dimensions.js';

/** Which wins. `from` and `to` are days of winning, inclusive; `asOf` is the day at whose end they must have been known. */
export interface WonPeriod {
  readonly asOf: Day;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  readonly pipelineId?: string | undefined;
}

/** What the report says something about, whatever it is grouped by. */
export const IN_WON_REPORT = ['status', 'closedOn', 'amount', 'archived'] as const;

/** Sums of won cells, keyed by the fields behind the dimensions (in order, each once) and, last, the currency. */
export const wonSums = (
  figures: Figures,
  scope: Scope,
  dimensions: readonly string[],
  { asOf, from, to, pipelineId }: WonPeriod,
): Promise<readonly Group[]> => {
  const terms: Filter[] = [where('day', '<=', asOf)];
  if (from !== undefined) terms.push(where('closedOn', '>=', from));
  if (to !== undefined) terms.push(where('closedOn', '<=', to));
  if (pipelineId !== undefined) terms.push(where('pipelineId', '=', pipelineId));
  const groupBy = [...fieldsBehind(dimensions), 'currency'];
  return figures.aggregate(scope, { filter: and(...terms), groupBy, sums: ['count', ...measureSums(['amountMinor'])] });
};

/** The cells' fields that dimensions are made of, each once. */
export const fieldsBehind = (dimensions: readonly string[]): readonly string[] => [
  ...new Set(dimensions.map((name) => DIMENSIONS[name]!.field)),
];

/**
 * One group per combination of labels and currency, in the order of the labels, those without one last. Wins without an
 * amount make a group without an amount.
 */
export const wonGroups = (dimensions: readonly string[], sums: readonly Group[], names: Names): salesV1.WonGroup[] => {
  const fields = fieldsBehind(dimensions);
  const groups = new Map<string, AddedUp>();
  for (const group of sums) {
    const currency = group.key.at(-1) as string;
    const key: string[] = [];
    const ids: string[] = [];
    for (const name of dimensions) {
      const { field, label, identified, leadsTo = (id: string) => id } = DIMENSIONS[name]!;
      const value = group.key[fields.indexOf(field)] as string;
      key.push(label(value, names));
      ids.push(identified ? leadsTo(value, names) : '');
    }
    const place = JSON.stringify([key, ids, currency]);
    const { count, minor } = groups.get(place) ?? { count: 0n, minor: 0n };
    const added = { count: count + measured(group, 'count'), minor: minor + measured(group, 'amountMinor') };
    groups.set(place, { key, ids, currency, ...added });
  }
  return [...groups.values()]
    .filter(({ count }) => count !== 0n)
    .map(toMessage)
    .sort(byKey);
};

interface AddedUp {
  readonly key: string[];
  readonly ids: string[];
  readonly currency: string;
  readonly count: bigint;
  readonly minor: bigint;
}

const toMessage = ({ key, ids, currency, count, minor }: AddedUp): salesV1.WonGroup => ({
  key,
  ids,
  count: Number(count),
  amount: currency === '' ? undefined : moneySum(minor, currency),
});

const byKey = (left: salesV1.WonGroup, right: salesV1.WonGroup): number => {
  for (const [index, name] of left.key.entries()) {
    const order = compareNames(name, right.key[index]!) || compareNames(left.ids[index]!, right.ids[index]!);
    if (order !== 0) return order;
  }
  return compareNames(left.amount?.currency ?? '', right.amount?.currency ?? '');
};

const compareNames = (left: string, right: string): number => {
  if (left === right) return 0;
  if (left === '' || right === '') return left === '' ? 1 : -1;
  return left < right ? -1 : 1;
};
