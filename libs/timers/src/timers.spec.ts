import { describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { newId } from '@rapport/kernel';
import { ParkedEvents, replayParked } from '@rapport/processing';
import { dueOf, recordOf } from './fakes/invoices.js';
import { instant, Office } from './fakes/office.js';
import { runOn } from './fakes/run-timer.js';
import type { RunTimer } from './firing.js';
import { fireParkedTimer } from './parked-timers.js';
import { CALM_MILLISECONDS } from './plain-clock.js';
import { timerStream } from './timer-events.js';

const DUE = 60_000;
const paid = { type: 'InvoicePaid', data: {} } as const;
const returned = { type: 'InvoicePaymentReturned', data: {} } as const;
const promised = (dueAt: string | null) => ({ type: 'InvoicePromised', data: { dueAt } }) as const;

describe('a timer', () => {
  it('fires once when it is due, and not before', async () => {
    const office = await new Office().open();
    await office.send('i', DUE);
    office.start();
    await office.world.run(DUE - 1);
    expect(await office.history('i')).toEqual(['InvoiceSent']);
    await office.world.run(DUE + 2_000);
    expect(await office.history('i')).toEqual(['InvoiceSent', 'InvoiceFellDue']);
    await office.world.run(DUE + 600_000);
    expect(await office.history('i')).toEqual(['InvoiceSent', 'InvoiceFellDue']);
    const due = dueOf('i', instant(DUE));
    expect(await office.ends(due)).toEqual([{ type: 'TimerFired', data: due }]);
    expect(await office.left()).toBe(0);
  });

  it('is said to have come due at its time, also when that was long ago', async () => {
    const office = await new Office().open();
    await office.send('i', DUE);
    await office.world.run(DUE + 3_600_000);
    office.start();
    await office.world.run(DUE + 3_700_000);
    const [, fellDue] = await office.read(recordOf('i'));
    expect(fellDue).toMatchObject({
      type: 'InvoiceFellDue',
      metadata: { occurredAt: instant(DUE), actor: { kind: 'system', id: 'timers' } },
    });
  });

  it('is set to another time, or to none', async () => {
    const office = await new Office().open();
    for (const invoice of ['later', 'never', 'sooner']) await office.send(invoice, DUE);
    office.start();
    await office.happen('later', promised(instant(2 * DUE)));
    await office.happen('never', promised(null));
    await office.happen('sooner', promised(instant(DUE / 2)));
    await office.world.run(DUE / 2 + 2_000);
    expect(await office.history('sooner')).toContain('InvoiceFellDue');
    await office.world.run(2 * DUE - 1);
    expect(await office.history('later')).not.toContain('InvoiceFellDue');
    await office.world.run(3 * DUE);
    expect(await office.history('later')).toContain('InvoiceFellDue');
    expect(await office.history('never')).not.toContain('InvoiceFellDue');
    expect((await office.history('sooner')).filter((type) => type === 'InvoiceFellDue')).toHaveLength(1);
  });

  it('lapses where the record decides so, and says why', async () => {
    const office = await new Office().open();
    await office.send('i', DUE);
    office.start();
    await office.happen('i', paid);
    await office.world.run(2 * DUE);
    expect(await office.history('i')).toEqual(['InvoiceSent', 'InvoicePaid']);
    const due = dueOf('i', instant(DUE));
    expect(await office.ends(due)).toEqual([{ type: 'TimerLapsed', data: { ...due, reason: 'already-paid' } }]);
    await office.happen('i', returned);
    await office.world.run(3 * DUE);
    expect(await office.history('i')).not.toContain('InvoiceFellDue');
  });

  it('knows how the record stood when it came due, though nobody was there', async () => {
    const office = await new Office().open();
    await office.send('i', DUE);
    await office.happen('i', paid);
    await office.world.run(2 * DUE);
    await office.happen('i', returned);
    office.start();
    await office.world.run(4 * DUE);
    expect(await office.history('i')).not.toContain('InvoiceFellDue');
    expect(await office.ends(dueOf('i', instant(DUE)))).toMatchObject([{ data: { reason: 'already-paid' } }]);
  });

  it('does not come twice because the same day ends at another time, by the clocks of another zone', async () => {
    const office = await new Office().open();
    await office.send('i', DUE);
    await office.world.run(2 * DUE);
    const firing = office.firing();
    const [here, there] = [dueOf('i', instant(DUE)), dueOf('i', instant(DUE + 1))];
    await firing.fire(here);
    await firing.fire(there);
    expect(await office.ends(there)).toEqual([
      { type: 'TimerFired', data: here },
      { type: 'TimerLapsed', data: { ...there, reason: 'fired-before' } },
    ]);
  });

  it('is born lapsed where it was due before that was recorded', async () => {
    const office = await new Office().open();
    office.start();
    await office.world.run(DUE);
    await office.send('i', DUE);
    await office.send('j', 2 * DUE);
    await office.happen('j', promised(instant(DUE - 1)));
    await office.world.run(10 * DUE);
    expect([await office.history('i'), await office.history('j')].flat()).not.toContain('InvoiceFellDue');
    expect(await office.ends(dueOf('i', instant(DUE)))).toEqual([]);
  });

  it('is born lapsed where it was due before there were timers, also when all is built anew', async () => {
    const office = new Office();
    await office.send('before', DUE);
    await office.send('after', 3 * DUE);
    await office.world.run(2 * DUE);
    const first = await office.open();
    first.start();
    await office.world.run(4 * DUE);
    expect(await office.history('before')).not.toContain('InvoiceFellDue');
    expect(await office.history('after')).toContain('InvoiceFellDue');
    await office.open();
    await office.rows.catchUp();
    expect(await office.left()).toBe(0);
  });
});

describe('timers', () => {
  it('fail without holding up others, and are parked, to be fired by somebody who has looked', async () => {
    const office = await new Office().open();
    let broken = true;
    const run: RunTimer = async (order) => {
      if (broken && order.id === 'bad') throw new Error('no such printer');
      return runOn(office.events)(order);
    };
    const firing = office.firing(run);
    for (const invoice of ['bad', 'good']) await office.send(invoice, DUE);
    office.start(firing);
    await office.world.run(DUE + 2_000);
    expect(await office.history('good')).toContain('InvoiceFellDue');
    await office.world.run(2 * DUE);
    const due = dueOf('bad', instant(DUE));
    expect(await office.ends(due)).toEqual([{ type: 'TimerParked', data: { ...due, reason: 'Error' } }]);
    expect(office.told).toHaveLength(10);

    const { events, books } = office;
    const parked = new ParkedEvents(books);
    const reaction = fireParkedTimer(firing);
    const [event] = await office.read(timerStream(due));
    expect(await reaction.react(event!, new AbortController().signal)).toEqual({ park: 'no such printer' });
    await parked.park(reaction.name, event!, 'no such printer', 1);
    broken = false;
    const { id, tenant } = (await parked.list(everythingOf('main')))[0]!;
    expect(await replayParked(reaction, { events, books, parked }, everythingOf(tenant), id)).toBe('done');
    expect(await office.history('bad')).toContain('InvoiceFellDue');
    expect((await office.ends(due)).map(({ type }) => type)).toEqual(['TimerParked', 'TimerFired']);
  });

  it('take turns by tenant', async () => {
    const office = await new Office().open();
    const fired: string[] = [];
    const run: RunTimer = (order) => {
      fired.push(order.call.principal.tenant);
      return runOn(office.events)(order);
    };
    for (let n = 0; n < 100; n += 1) await office.send(newId(), DUE, 'large');
    await office.send('i', DUE, 'small');
    office.start(office.firing(run));
    await office.world.run(2 * DUE);
    expect(fired).toHaveLength(101);
    expect(fired.indexOf('small')).toBe(20);
  });

  it('are asked for again only once the rows show what was fired last', async () => {
    const office = await new Office().open();
    let runs = 0;
    const run: RunTimer = (order) => {
      runs += 1;
      return runOn(office.events)(order);
    };
    await office.send('i', DUE);
    const reach = office.rows.reach.bind(office.rows);
    office.start(office.firing(run));
    await office.world.run(DUE - 1);
    office.rows.catchUp = async () => undefined;
    await office.world.run(2 * DUE);
    expect(runs).toBe(1);
    office.rows.reach = reach;
  });

  it('wait after a jump of the clock until it is plain what time it is', async () => {
    const office = await new Office().open();
    await office.send('i', 10 * DUE);
    office.start();
    await office.world.run(DUE);
    office.ahead = 100 * DUE;
    await office.world.run(DUE + CALM_MILLISECONDS - 5_000);
    office.ahead = 0;
    await office.world.run(10 * DUE - 1);
    expect(await office.history('i')).toEqual(['InvoiceSent']);
    expect(office.told.map((told) => told.slice(0, 34))).toEqual([
      'The clock jumped 6000 s ahead. Tim',
      'The clock jumped 6000 s back. Time',
    ]);
    await office.world.run(10 * DUE + 2_000);
    expect(await office.history('i')).toContain('InvoiceFellDue');
  });

  it('believe a jump that lasts: a machine slept', async () => {
    const office = await new Office().open();
    await office.send('i', 10 * DUE);
    office.start();
    await office.world.run(DUE);
    office.ahead = 10 * DUE;
    await office.world.run(DUE + CALM_MILLISECONDS - 2_000);
    expect(await office.history('i')).toEqual(['InvoiceSent']);
    await office.world.run(DUE + CALM_MILLISECONDS + 3_000);
    expect(await office.history('i')).toContain('InvoiceFellDue');
  });
});
