import { expect, it } from '@jest/globals';
import { deadLetterTopic } from '../message-bus.js';
import { gate } from './eventually.js';
import type { BusFixture } from './message-bus-under-test.js';
import { LONG, numbers } from './samples.js';

export const catchingUpCases = (on: BusFixture): void => {
  it('is caught up where there is nothing', () => nothing(on), LONG);
  it('is caught up once everything that was there is handled', () => everything(on), LONG);
  it('does not wait for what is published later', () => later(on), LONG);
  it('counts what other members of the group have handled', () => together(on), LONG);
  it('waits for messages that are tried again, and counts parked ones as handled', () => parked(on), LONG);
  it('tells who waits that the subscription was closed', () => closed(on), LONG);
};

const nothing = async (on: BusFixture): Promise<void> => {
  const subscription = await on.subscribe('readers', async () => undefined);
  await expect(subscription.caughtUp()).resolves.toBeUndefined();
};

const everything = async (on: BusFixture): Promise<void> => {
  await on.bus.publish(numbers(100).map((n) => on.message(`key-${n}`, n)));
  const seen: string[] = [];
  const subscription = await on.subscribe('readers', async ({ value }) => {
    await new Promise(setImmediate);
    seen.push(value);
  });
  await on.bus.publish([on.message('one', 'more')]);
  await subscription.caughtUp();
  expect([...seen].sort()).toEqual([...numbers(100), 'more'].sort());
  await subscription.caughtUp();
};

/** Whatever is handled has already been followed by another message, so that there is always one ahead. */
const later = async (on: BusFixture): Promise<void> => {
  let publishing = true;
  let handled = 0;
  let published = 1;
  const subscription = await on.subscribe('readers', async () => {
    if (publishing) {
      published += 1;
      await on.bus.publish([on.message('ada', 'one more')]);
    }
    handled += 1;
  });
  await on.bus.publish([on.message('ada', 'first')]);
  await subscription.caughtUp();
  expect(handled).toBeGreaterThan(0);
  publishing = false;
  await subscription.caughtUp();
  expect(handled).toBe(published);
};

const together = async (on: BusFixture): Promise<void> => {
  const seen: string[] = [];
  const handle = async ({ key }: { key: string }): Promise<void> => {
    await new Promise(setImmediate);
    seen.push(key);
  };
  const first = await on.subscribe('workers', handle);
  const second = await on.subscribe('workers', handle);
  const keys = numbers(64).map((n) => `key-${n}`);
  await on.bus.publish(keys.map((key) => on.message(key, 'work')));
  await Promise.all([first.caughtUp(), second.caughtUp()]);
  expect([...new Set(seen)].sort()).toEqual([...keys].sort());
};

const parked = async (on: BusFixture): Promise<void> => {
  await on.createTopics(deadLetterTopic(on.topic, 'readers'));
  let tries = 0;
  const subscription = await on.subscribe('readers', async ({ value }) => {
    if (value !== 'poison') return;
    tries += 1;
    throw new Error('cannot digest this');
  });
  await on.bus.publish(['a', 'poison', 'b'].map((value) => on.message('ada', value)));
  await subscription.caughtUp();
  expect(tries).toBe(3);
};

const closed = async (on: BusFixture): Promise<void> => {
  const inHand = gate();
  const subscription = await on.subscribe('readers', (_message, signal) => {
    inHand.open();
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('gave up'))));
  });
  await on.bus.publish([on.message('ada', '1')]);
  await inHand.passed;
  const waiting = expect(subscription.caughtUp()).rejects.toMatchObject({ code: 'subscription-closed' });
  await subscription.close();
  await waiting;
  await expect(subscription.caughtUp()).rejects.toMatchObject({ code: 'subscription-closed' });
};
