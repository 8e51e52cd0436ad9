import type { typesV1 } from '@rapport/contracts';
import { DomainError } from '@rapport/kernel';

/**
 * A sum of amounts, as long as a number says it exactly: beyond that it would be a wrong figure here, and none at all where
 * it goes over a wire.
 * @throws DomainError invalid `sum-too-large`
 */
export const exactSum = (minor: number, currency: string): typesV1.Money => {
  if (Number.isSafeInteger(minor)) return { minor, currency };
  const message =
    `These amounts in ${currency} add up to more than ${Number.MAX_SAFE_INTEGER} minor units, the most that is told exactly. ` +
    'Ask for fewer of them, or look for an amount that was mistyped: GET /v1/opportunities?sort=-amount.minor';
  throw new DomainError('invalid', 'sum-too-large', message);
};
