import { describe, expect, it } from '@jest/globals';
import { dueOf } from './fakes/invoices.js';
import { MortalStore } from './fakes/mortal-store.js';
import { instant, Office } from './fakes/office.js';
import { runOn } from './fakes/run-timer.js';
import { Timers } from './timers.js';
import { soleOwnership } from '@rapport/processing';

const DUE = 60_000;

/** A process fires, is killed at its n-th operation on the store, and another one goes on. Answers whether it came so far. */
const killedAt = async (at: number, answered: 'before' | 'after', pay: boolean): Promise<boolean> => {
  const office = await new Office().open();
  await office.send('i', DUE);
  if (pay) await office.happen('i', { type: 'InvoicePaid', data: {} });
  await office.rows.catchUp();
  const mortal = new MortalStore(office.events, { at, answered });
  const { ticks } = office.world.process({ rate: 1, offset: 0, standstills: [], delays: [1] });
  const { clock, rows } = office;
  const firing = office.firing(runOn(mortal), mortal);
  const first = new Timers({ firing, rows, events: mortal, clock, ticks, ownership: soleOwnership() });
  first.start();
  await office.world.run(DUE + 5_000);
  void first.stop();
  await office.world.run(DUE + 10_000);
  const cameSoFar = mortal.isDead;
  office.start();
  await office.world.run(4 * DUE);
  const due = dueOf('i', instant(DUE));
  const lapsed = { type: 'TimerLapsed', data: { ...due, reason: 'already-paid' } };
  expect(await office.history('i')).toEqual(['InvoiceSent', pay ? 'InvoicePaid' : 'InvoiceFellDue']);
  expect(await office.ends(due)).toEqual([pay ? lapsed : { type: 'TimerFired', data: due }]);
  expect(await office.left()).toBe(0);
  return cameSoFar;
};

describe.each(['before', 'after'] as const)('killed %s the store answered, at every step,', (answered) => {
  it.each([
    ['a timer fires once', false],
    ['a timer lapses once', true],
  ])('%s', async (_, pay) => {
    let steps = 0;
    while (await killedAt(steps + 1, answered, pay)) steps += 1;
    // Where the store ends, the timer's stream, the record, the record's event, the timer's stream again, its end.
    expect(steps).toBeGreaterThanOrEqual(pay ? 5 : 6);
  });
});
