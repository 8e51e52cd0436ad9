import { expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import { Fenced, type Publisher } from '../message-bus.js';
import { eventually } from './eventually.js';
import type { BusFixture } from './message-bus-under-test.js';
import { LONG, numbers, ofKey } from './samples.js';

export const publisherCases = (on: BusFixture): void => {
  it('publishes in order per key, call after call', () => inOrder(on), LONG);
  it('refuses an older publisher once a newer one is open, and lets the newer go on', () => older(on), LONG);
  it('fences within a name only', () => otherNames(on), LONG);
  it('publishes all of a call or nothing while it is being fenced', () => allOrNothing(on), LONG);
  it('lets a group catch up with what a publisher wrote', () => caughtUp(on), LONG);
  it('refuses to publish once closed', () => closed(on), LONG);
};

const inOrder = async (on: BusFixture): Promise<void> => {
  const publisher = await on.bus.publisher('relay');
  const keys = numbers(5).map((n) => `key-${n}`);
  for (const n of numbers(20)) await publisher.publish(keys.map((key) => on.message(key, n)));
  await publisher.publish([]);
  const seen = await on.collect('readers');
  await eventually('everything has arrived', () => seen.length >= 100);
  for (const key of keys) expect(ofKey(seen, key)).toEqual(numbers(20));
  await publisher.close();
};

const older = async (on: BusFixture): Promise<void> => {
  const first = await on.bus.publisher('relay');
  await first.publish([on.message('ada', '0')]);
  const second = await on.bus.publisher('relay');
  const late = numbers(10).map((n) => on.message(`key-${n}`, 'late'));
  await expect(first.publish(late)).rejects.toBeInstanceOf(Fenced);
  await expect(first.publish(late)).rejects.toMatchObject({ kind: 'conflict', code: 'publisher-fenced' });
  await second.publish([on.message('ada', '1')]);
  const seen = await on.collect('readers');
  await eventually('the newer is heard', () => seen.includes('ada:1'));
  await second.publish([on.message('ada', '2')]);
  await eventually('the newer goes on', () => seen.includes('ada:2'));
  expect(seen).toEqual(['ada:0', 'ada:1', 'ada:2']);
  await Promise.all([first.close(), second.close()]);
};

const otherNames = async (on: BusFixture): Promise<void> => {
  const sales = await on.bus.publisher('sales');
  const contacts = await on.bus.publisher('contacts');
  await sales.publish([on.message('ada', 'sale')]);
  await contacts.publish([on.message('ada', 'contact')]);
  await on.bus.publish([on.message('ada', 'nobody')]);
  const seen = await on.collect('readers');
  await eventually('all are heard', () => seen.length >= 3);
  expect(ofKey(seen, 'ada')).toEqual(['sale', 'contact', 'nobody']);
  await Promise.all([sales.close(), contacts.close()]);
};

/** Messages of one call, over many keys and so partitions. */
const SPREAD = 40;

const allOrNothing = async (on: BusFixture): Promise<void> => {
  const seen = await on.collect('readers');
  const first = await on.bus.publisher('relay');
  const publishing = publishUntilFenced(first, on);
  await eventually('the first is publishing', () => seen.length >= 3 * SPREAD);
  const second = await on.bus.publisher('relay');
  const acknowledged = await publishing;
  await second.publish(numbers(SPREAD).map((n) => on.message(`key-${n}`, 'last')));
  await eventually('the last are heard', () => seen.filter((entry) => entry.endsWith(':last')).length >= SPREAD);
  expect(acknowledged).toBeGreaterThanOrEqual(3);
  const perKey = numbers(SPREAD).map((n) => ofKey(seen, `key-${n}`));
  expect(perKey[0]!.slice(0, acknowledged)).toEqual(numbers(acknowledged));
  expect(perKey[0]!.at(-1)).toBe('last');
  for (const values of perKey) expect(values).toEqual(perKey[0]);
  await Promise.all([first.close(), second.close()]);
};

/** Calls that were acknowledged; call n writes n under every key. */
const publishUntilFenced = async (publisher: Publisher, on: BusFixture): Promise<number> => {
  for (let call = 0; ; call += 1) {
    try {
      await publisher.publish(numbers(SPREAD).map((n) => on.message(`key-${n}`, String(call))));
      await new Promise(setImmediate);
    } catch (error) {
      // A broker may be unable to say more of a call that was under way when the newer publisher came.
      if (!(error instanceof Fenced)) expect(error).toMatchObject({ kind: 'unavailable' });
      await expect(publisher.publish([on.message('key-0', 'late')])).rejects.toBeInstanceOf(DomainError);
      return call;
    }
  }
};

const caughtUp = async (on: BusFixture): Promise<void> => {
  const publisher = await on.bus.publisher('relay');
  await publisher.publish(numbers(30).map((n) => on.message(`key-${n}`, n)));
  const seen: string[] = [];
  const handle = async ({ key }: { key: string }): Promise<void> => void seen.push(key);
  const first = await on.subscribe('readers', handle);
  await first.caughtUp();
  expect(seen).toHaveLength(30);
  await publisher.publish([on.message('key-0', 'more')]);
  await first.caughtUp();
  expect(seen).toHaveLength(31);
  await first.close();
  const second = await on.subscribe('readers', handle);
  await second.caughtUp();
  expect(seen).toHaveLength(31);
  await publisher.close();
};

const closed = async (on: BusFixture): Promise<void> => {
  const publisher = await on.bus.publisher('relay');
  await publisher.close();
  await publisher.close();
  await expect(publisher.publish([on.message('ada', '1')])).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'publisher-closed',
  });
  const other = await on.bus.publisher('relay');
  await on.bus.close();
  await expect(other.publish([on.message('ada', '1')])).rejects.toMatchObject({ kind: 'unavailable' });
};
