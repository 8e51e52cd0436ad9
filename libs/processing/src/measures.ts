import type { Group } from '@rapport/read-models';

/**
 * Measures of cells stay exact at any size: a cell holds a measure within 2^50 either way, and how often it went beyond
 * that in a field of its own, the measure's carry.
 */
const CARRY = 2 ** 50;

const carryOf = (measure: string): string => `${measure}Carry`;

/** The fields that measures take in the declaration of their cells. */
export const measureFields = <M extends string>(...measures: readonly M[]): Readonly<Record<string, 'number'>> =>
  Object.fromEntries(measureSums(measures).map((field) => [field, 'number']));

/** The same fields, to add up. */
export const measureSums = (measures: readonly string[]): readonly string[] =>
  measures.flatMap((measure) => [measure, carryOf(measure)]);

/** A measure in a group of cells whose {@link measureSums} fields were added up. */
export const measured = ({ sums }: Pick<Group, 'sums'>, measure: string): bigint =>
  (sums[measure] ?? 0n) + BigInt(CARRY) * (sums[carryOf(measure)] ?? 0n);

/** Adds a number that is exact itself to a measure. */
export const addMeasure = (to: Record<string, string | number>, measure: string, amount: number): void => {
  const rest = Number(to[measure] ?? 0) + (amount % CARRY);
  const carry = Math.trunc(amount / CARRY) + Math.trunc(rest / CARRY);
  // Never -0, which is not what 0 is to everybody.
  to[measure] = (rest % CARRY) + 0;
  if (carry !== 0) to[carryOf(measure)] = Number(to[carryOf(measure)] ?? 0) + carry;
};
