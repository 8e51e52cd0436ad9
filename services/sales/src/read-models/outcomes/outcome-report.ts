import type { salesV1 } from '@rapport/contracts';
import { and, type Documents, type Filter, type Group, type Scope, where } from '@rapport/read-models';
import { moneySum } from '../money-sum.js';
import type { OpportunityDocument } from '../opportunities/opportunity-document.js';

/** Counts and sums that the report is made of; each is keyed by its one or two fields. */
export interface OutcomeSums {
  /** Keyed by status and stage. */
  readonly stages: readonly Group[];
  /** Won ones, keyed by currency; sums `amount.minor`. */
  readonly wonAmounts: readonly Group[];
  /** Won ones, keyed by days from opening to winning. */
  readonly wonCycles: readonly Group[];
}

export const outcomeSums = async (
  opportunities: Documents<OpportunityDocument>,
  scope: Scope,
  filter: Filter | undefined,
): Promise<OutcomeSums> => {
  const won = and(...(filter ? [filter] : []), where('status', '=', 'won'));
  const [stages, wonAmounts, wonCycles] = await Promise.all([
    opportunities.aggregate(scope, { ...(filter ? { filter } : {}), groupBy: ['status', 'stage'] }),
    opportunities.aggregate(scope, { filter: won, groupBy: ['amount.currency'], sums: ['amount.minor'] }),
    opportunities.aggregate(scope, { filter: won, groupBy: ['cycleDays'] }),
  ]);
  return { stages, wonAmounts, wonCycles };
};

/** `stageOrder` names stages in the order to show them in; others follow, "Won" and "Lost" come last. */
export const outcomeReport = (sums: OutcomeSums, stageOrder: readonly string[]): salesV1.OutcomeReport => {
  const counts = { open: 0, won: 0, lost: 0 };
  for (const { key, count } of sums.stages) counts[key[0] as keyof typeof counts] += count;
  const closed = counts.won + counts.lost;
  return {
    opportunities: counts.open + closed,
    ...counts,
    winRate: closed === 0 ? undefined : twoDecimals((counts.won / closed) * 100),
    wonAmounts: sums.wonAmounts
      .filter(({ key }) => key[0] !== null)
      .map(({ key, sums: added }) => moneySum(added['amount.minor']!, key[0] as string)),
    wonCycleDays: cycleDays(sums.wonCycles),
    stages: stageCounts(sums.stages, stageOrder),
  };
};

/** Exact, from how many there are of each length. */
export const cycleDays = (groups: readonly Group[]): salesV1.CycleDays | undefined => {
  const lengths = groups
    .filter(({ key }) => key[0] !== null)
    .map(({ key, count }) => ({ days: key[0] as number, count }))
    .sort((left, right) => left.days - right.days);
  const all = lengths.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return undefined;
  const total = lengths.reduce((sum, { days, count }) => sum + days * count, 0);
  const median = (nth(lengths, Math.floor((all - 1) / 2)) + nth(lengths, Math.floor(all / 2))) / 2;
  return { mean: twoDecimals(total / all), median };
};

/** The n-th length, from 0, when all are laid out in order. */
const nth = (lengths: readonly { readonly days: number; readonly count: number }[], n: number): number => {
  let passed = 0;
  for (const { days, count } of lengths) if ((passed += count) > n) return days;
  return Number.NaN;
};

const stageCounts = (groups: readonly Group[], order: readonly string[]): salesV1.StageCount[] => {
  const counts = new Map<string, number>(order.map((stage) => [stage, 0]));
  const open = groups.filter(({ key }) => key[0] === 'open');
  const closed = groups.filter(({ key }) => key[0] === 'won').concat(groups.filter(({ key }) => key[0] === 'lost'));
  for (const { key, count } of [...open, ...closed]) {
    const stage = key[1] as string;
    counts.set(stage, (counts.get(stage) ?? 0) + count);
  }
  return [...counts].map(([stage, count]) => ({ stage, count }));
};

const twoDecimals = (exact: number): number => Math.round(exact * 100) / 100;
