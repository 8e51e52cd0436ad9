import fc from 'fast-check';
import type { Step } from './accounts.js';

const account = fc.integer({ min: 0, max: 4 });
const branch = fc.constantFrom('north', 'south', 'a|b', 'a\\|b', 'a');

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('Opened' as const), account, day: fc.nat(2), branch }),
  fc.record({
    kind: fc.constant('Deposited' as const),
    account,
    day: fc.nat(2),
    amount: fc.integer({ min: -50, max: 50 }),
  }),
  fc.record({ kind: fc.constant('Moved' as const), account, day: fc.nat(2), branch }),
  fc.record({ kind: fc.constantFrom('Closed' as const, 'Noticed' as const), account, day: fc.nat(2) }),
);

/** Histories whose days never go back, with the days between neighbours drawn. */
export const histories: fc.Arbitrary<readonly Step[]> = fc.array(step, { maxLength: 40 }).map((steps) => {
  let day = 0;
  return steps.map((next) => ({ ...next, day: (day = Math.min(27, day + next.day)) }));
});
