import { expect, it } from '@jest/globals';
import { eventually, gate } from './eventually.js';
import type { BusFixture, MessageBusFeatures } from './message-bus-under-test.js';
import { LONG, numbers, ofKey } from './samples.js';

export const durabilityCases = (on: BusFixture, features: MessageBusFeatures): void => {
  it('finishes the message in hand when closed in the middle of a batch, and loses none', () => closing(on), LONG);
  it('tells the handler by its signal that it is closing', () => signals(on), LONG);
  it('takes up a message again that a closing handler gave up', () => gaveUp(on), LONG);
  it('refuses to publish and to subscribe once closed', () => refuses(on), LONG);
  if (features.survivesRestart) it('keeps messages and group offsets over a restart', () => restarts(on), LONG);
  else it('declares that it forgets everything when closed', () => expect(features.survivesRestart).toBe(false));
  if (features.reconnects) it('reconnects after the broker restarts', () => reconnects(on), 3 * LONG);
  else it('declares that it has no broker to lose', () => expect(features.reconnects).toBe(false));
};

const closing = async (on: BusFixture): Promise<void> => {
  const fifth = gate();
  const finish = gate();
  const before: string[] = [];
  const subscription = await on.subscribe('workers', async ({ value }) => {
    if (value === '4') {
      fifth.open();
      await finish.passed;
      // Long enough for a close that does not wait to come back first.
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    }
    before.push(value);
  });
  await on.bus.publish(numbers(20).map((n) => on.message('ada', n)));
  await fifth.passed;
  const closed = subscription.close();
  finish.open();
  await closed;
  expect(before).toEqual(numbers(5));
  const after = await on.collect('workers');
  await eventually('the rest is handled', () => after.length >= 15);
  expect(ofKey(after, 'ada')).toEqual(numbers(20).slice(5));
};

const signals = async (on: BusFixture): Promise<void> => {
  const started = gate();
  let aborted = false;
  const subscription = await on.subscribe('workers', async (_message, signal) => {
    const told = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    started.open();
    await told;
    aborted = true;
  });
  await on.bus.publish([on.message('ada', '1')]);
  await started.passed;
  await subscription.close();
  expect(aborted).toBe(true);
};

const gaveUp = async (on: BusFixture): Promise<void> => {
  const started = gate();
  const subscription = await on.subscribe('workers', async (_message, signal) => {
    started.open();
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gave up'))));
  });
  await on.bus.publish([on.message('ada', '1')]);
  await started.passed;
  await subscription.close();
  const after = await on.collect('workers');
  await eventually('it came again', () => after.length >= 1);
  expect(after).toEqual(['ada:1']);
};

const refuses = async (on: BusFixture): Promise<void> => {
  await on.bus.close();
  await expect(on.bus.publish([on.message('ada', '1')])).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'bus-closed',
  });
  await expect(on.collect('workers')).rejects.toMatchObject({ kind: 'unavailable', code: 'bus-closed' });
  await expect(on.bus.close()).resolves.toBeUndefined();
};

const restarts = async (on: BusFixture): Promise<void> => {
  const before = await on.collect('workers');
  await on.bus.publish(numbers(10).map((n) => on.message('ada', n)));
  await eventually('the first ten are handled', () => before.length >= 10);
  await on.reopen();
  await on.bus.publish([on.message('ada', '10')]);
  const after = await on.collect('workers');
  const newcomers = await on.collect('newcomers');
  await eventually(
    'the group goes on, a new one begins at the start',
    () => after.length >= 1 && newcomers.length >= 11,
  );
  expect(ofKey(after, 'ada')).toEqual(['10']);
  expect(ofKey(newcomers, 'ada')).toEqual(numbers(11));
};

const reconnects = async (on: BusFixture): Promise<void> => {
  const seen = await on.collect('workers');
  await on.bus.publish([on.message('ada', '0')]);
  await eventually('the first has arrived', () => seen.length >= 1);
  await on.restartBroker();
  await on.bus.publish([on.message('ada', '1')]);
  await eventually('the second has too', () => seen.includes('ada:1'));
  expect([...new Set(ofKey(seen, 'ada'))]).toEqual(numbers(2));
};
