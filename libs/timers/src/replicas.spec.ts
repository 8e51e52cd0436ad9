import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueOf, recordOf, type InvoiceEvent } from './fakes/invoices.js';
import { instant, Office } from './fakes/office.js';
import { begin, type Life } from './fakes/replicas.js';

/** Until then everything may go wrong. */
const CALM_AFTER = 90_000;
const END = 300_000;

const standstill = fc
  .record({ from: fc.nat(CALM_AFTER), length: fc.integer({ min: 1, max: 12_000 }) })
  .map(({ from, length }) => ({ from, to: Math.min(CALM_AFTER, from + length) }));

/** Shorter than it takes to believe it. */
const jump = fc
  .record({ from: fc.nat(CALM_AFTER), length: fc.nat(25_000), by: fc.integer({ min: -400_000, max: 400_000 }) })
  .map(({ from, length, by }) => ({ from, to: from + length, by }));

const delays = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 30 }) },
    { weight: 2, arbitrary: fc.integer({ min: 30, max: 3_000 }) },
    { weight: 1, arbitrary: fc.constant(Infinity) },
  ),
  { minLength: 1, maxLength: 40 },
);

/** Killed while there is trouble, or not. */
const life: fc.Arbitrary<Life> = fc
  .record({
    begins: fc.nat(CALM_AFTER),
    rate: fc.double({ min: 0.97, max: 1.03, noNaN: true }),
    offset: fc.nat(1_000_000),
    standstills: fc.array(standstill, { maxLength: 3 }),
    dies: fc.option(fc.nat(CALM_AFTER), { nil: Infinity }),
    delays,
    jump,
  })
  .map(({ dies, standstills, ...rest }) => ({
    ...rest,
    standstills: [...standstills, { from: dies, to: Infinity }],
  }));

const calm: Life = {
  begins: CALM_AFTER,
  rate: 1,
  offset: 5,
  standstills: [],
  delays: [3],
  jump: { from: 0, to: 0, by: 0 },
};

const act = fc.record({
  at: fc.nat(CALM_AFTER),
  invoice: fc.integer({ min: 0, max: 4 }),
  what: fc.oneof(
    fc.record({ due: fc.option(fc.nat(2 * CALM_AFTER), { nil: null }) }),
    fc.constantFrom('InvoicePaid' as const, 'InvoicePaymentReturned' as const),
  ),
});
type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

const eventOf = ({ what }: Act): InvoiceEvent =>
  typeof what === 'string'
    ? { type: what, data: {} }
    : { type: 'InvoicePromised', data: { dueAt: what.due === null ? null : instant(what.due) } };

/** When its last timer was due, if nothing happened to the invoice from then on; and whether it had been paid. */
const lastDue = (acts: readonly Act[]): { readonly due: number; readonly paid: boolean } | undefined => {
  let due: number | null = null;
  let paid = false;
  for (const { at, what } of acts) {
    if (due !== null && due <= at) return undefined;
    if (typeof what === 'string') paid = what === 'InvoicePaid';
    else due = what.due === null || what.due <= at ? null : what.due;
  }
  return due === null ? undefined : { due, paid };
};

describe('timers in several processes', () => {
  it(
    'fire exactly once each and none early, whoever dies, stands still or has a wrong clock',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(life, { minLength: 1, maxLength: 3 }),
          fc.array(act, { maxLength: 25 }),
          async (lives, drawn) => {
            const office = await new Office().open();
            const acts = drawn.toSorted((one, other) => one.at - other.at);
            for (let invoice = 0; invoice < 5; invoice += 1)
              await office.happen(`${invoice}`, { type: 'InvoiceSent', data: {} });
            for (const each of acts)
              office.world.at(each.at, () => void office.happen(`${each.invoice}`, eventOf(each)));
            for (const [n, each] of [...lives, calm].entries()) begin(office, each, `replica-${n}`);
            await office.world.run(END);
            for (let invoice = 0; invoice < 5; invoice += 1) {
              const history = await office.read(recordOf(`${invoice}`));
              const fired = history.filter(({ type }) => type === 'InvoiceFellDue');
              const dues = fired.map(({ data }) => (data as { dueAt: string }).dueAt);
              expect(dues).toEqual([...new Set(dues)]);
              for (const { data, recordedAt } of fired)
                expect(recordedAt >= (data as { dueAt: string }).dueAt).toBe(true);
              const last = lastDue(acts.filter((each) => each.invoice === invoice));
              if (!last) continue;
              expect(dues.includes(instant(last.due))).toBe(!last.paid);
              const ends = await office.ends(dueOf(`${invoice}`, instant(last.due)));
              const its = ends.filter(({ data }) => data.dueAt === instant(last.due)).map(({ type }) => type);
              expect(its).toEqual([last.paid ? 'TimerLapsed' : 'TimerFired']);
            }
            expect(await office.left()).toBe(0);
          },
        ),
        { numRuns: 30 },
      ),
    120_000,
  );
});
