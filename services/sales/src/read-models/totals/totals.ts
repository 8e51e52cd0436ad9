import type { salesV1 } from '@rapport/contracts';
import type { Documents, Filter, Group, Scope } from '@rapport/read-models';
import { EXPECTED_REVENUE } from '../../records/opportunities.js';
import { moneySum } from '../money-sum.js';
import type { OpportunityDocument } from '../opportunities/opportunity-document.js';

const AMOUNT = 'amount.minor';

/** What opportunities add up to, keyed by currency; null for those without an amount. */
export const currencySums = (
  opportunities: Documents<OpportunityDocument>,
  scope: Scope,
  filter: Filter | undefined,
): Promise<readonly Group[]> =>
  opportunities.aggregate(scope, {
    ...(filter ? { filter } : {}),
    groupBy: ['amount.currency'],
    sums: [AMOUNT, EXPECTED_REVENUE],
  });

export const totals = (groups: readonly Group[]): salesV1.Totals => ({
  count: groups.reduce((sum, { count }) => sum + count, 0),
  data: groups
    .flatMap(({ key: [currency], count, sums }) =>
      typeof currency === 'string'
        ? [
            {
              count,
              amount: moneySum(sums[AMOUNT]!, currency),
              expectedRevenue: moneySum(sums[EXPECTED_REVENUE]!, currency),
            },
          ]
        : [],
    )
    .sort((left, right) => (left.amount.currency < right.amount.currency ? -1 : 1)),
});
