import type { typesV1 } from '@rapport/contracts';

/** A sum of amounts as the contract has it: a number as long as that is exact, and text beyond. */
export const moneySum = (minor: bigint, currency: string): typesV1.MoneySum =>
  minor >= -MOST && minor <= MOST ? { minor: Number(minor), currency } : { currency, largeMinor: String(minor) };

const MOST = BigInt(Number.MAX_SAFE_INTEGER);
