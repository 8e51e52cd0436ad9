import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextOf, recurrenceProblem } from './recurrence.js';

describe('how a task comes again', () => {
  it.each([
    ['FREQ=DAILY', '2026-02-28', '2026-03-01'],
    ['FREQ=WEEKLY;BYDAY=MO', '2026-03-04', '2026-03-09'],
    ['FREQ=WEEKLY;INTERVAL=2', '2026-03-02', '2026-03-16'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2026-01-31', '2026-02-28'],
    ['FREQ=YEARLY', '2024-02-29', '2028-02-29'],
  ])('%s after %s', (rule, day, next) => {
    expect(recurrenceProblem(rule)).toBeUndefined();
    expect(nextOf(rule, day)).toEqual({ dueOn: next, recurrence: rule });
  });

  it('ends with its count, or its last day', () => {
    expect(nextOf('FREQ=DAILY;COUNT=2', '2026-03-01')).toEqual({
      dueOn: '2026-03-02',
      recurrence: 'FREQ=DAILY;COUNT=1',
    });
    expect(nextOf('FREQ=DAILY;COUNT=1', '2026-03-02')).toBeUndefined();
    expect(nextOf('FREQ=DAILY;UNTIL=20260302T000000Z', '2026-03-02')).toBeUndefined();
  });

  it.each(['', 'DAILY', 'FREQ=HOURLY', 'FREQ=DAILY;BYHOUR=3', 'FREQ=WEEKLY;BYDAY=XX', 'FREQ=DAILY;DTSTART=20260101'])(
    'is told what is wrong with "%s"',
    (rule) => expect(recurrenceProblem(rule)).toContain('RFC 5545'),
  );

  it('goes on to a later day, whatever the rule is', () => {
    const rules = fc.record({
      frequency: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
      interval: fc.integer({ min: 1, max: 5 }),
      day: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(rules, ({ frequency, interval, day }) => {
        const dueOn = day.toISOString().slice(0, 10);
        const next = nextOf(`FREQ=${frequency};INTERVAL=${interval}`, dueOn);
        expect(next!.dueOn > dueOn).toBe(true);
      }),
    );
  });
});
