import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { everythingOf, type Bench } from './subject.js';

const amount = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0, -1, 2 ** 27, -(2 ** 27) - 1, 2 ** 31),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
  fc.constant(undefined),
);
const rows = fc.array(fc.record({ stage: fc.constantFrom('open', 'won'), minor: amount }), { maxLength: 40 });

export const sumTests = (bench: () => Bench): void => {
  it('are exact at any size, of whole numbers up to 2^53 either way', async () => {
    const { things, put, newTenant } = bench();
    const property = fc.asyncProperty(rows, async (drawn) => {
      const tenant = newTenant();
      await put(
        tenant,
        drawn.map(({ stage, minor }, n) => ({
          id: `${n}`,
          stage,
          ...(minor === undefined ? {} : { amount: { minor } }),
        })),
      );
      const expected: Record<string, bigint> = {};
      for (const { stage, minor = 0 } of drawn) expected[stage] = (expected[stage] ?? 0n) + BigInt(Math.trunc(minor));
      const groups = await things.aggregate(everythingOf(tenant), { groupBy: ['stage'], sums: ['amount.minor'] });
      expect(Object.fromEntries(groups.map(({ key, sums }) => [key[0], sums['amount.minor']]))).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 60 });
  }, 60_000);

  it('stay exact beyond 2^63 as well', async () => {
    const { things, put, newTenant } = bench();
    const tenant = newTenant();
    const minor = Number.MAX_SAFE_INTEGER;
    await put(
      tenant,
      Array.from({ length: 1_100 }, (_, n) => ({ id: `${n}`, amount: { minor } })),
    );
    const [all] = await things.aggregate(everythingOf(tenant), { groupBy: [], sums: ['amount.minor'] });
    expect(all!.sums).toEqual({ 'amount.minor': 1_100n * BigInt(minor) });
  });
};
