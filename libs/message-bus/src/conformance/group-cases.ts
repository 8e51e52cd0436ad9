import { expect, it } from '@jest/globals';
import { eventually, gate } from './eventually.js';
import type { BusFixture } from './message-bus-under-test.js';
import { LONG, numbers, ofKey } from './samples.js';

export const groupCases = (on: BusFixture): void => {
  it('shows a new group the old messages', () => newGroup(on), LONG);
  it('gives every group every message', () => everyGroup(on), LONG);
  it('shares the keys of a group among its members, nothing twice at once', () => sharing(on), LONG);
  it('never overlaps handlers of one key', () => noOverlap(on), LONG);
  it('serves several topics with one subscription', () => severalTopics(on), LONG);
  it('hands the work of a member that leaves to the others', () => leaving(on), LONG);
  it('moves partitions to a new member while messages are being handled', () => joining(on), LONG);
};

const newGroup = async (on: BusFixture): Promise<void> => {
  await on.bus.publish(numbers(20).map((n) => on.message('ada', n)));
  const seen = await on.collect('latecomers');
  await eventually('the old messages have arrived', () => seen.length >= 20);
  await on.bus.publish([on.message('ada', '20')]);
  await eventually('the new one has too', () => seen.length >= 21);
  expect(ofKey(seen, 'ada')).toEqual(numbers(21));
};

const everyGroup = async (on: BusFixture): Promise<void> => {
  const first = await on.collect('first');
  const second = await on.collect('second');
  await on.bus.publish(numbers(10).map((n) => on.message(`key-${n}`, n)));
  await eventually('both groups have everything', () => first.length >= 10 && second.length >= 10);
  expect(new Set(first)).toEqual(new Set(second));
};

const sharing = async (on: BusFixture): Promise<void> => {
  const inHand = new Set<string>();
  let overlaps = 0;
  const member = async (): Promise<string[]> => {
    const seen: string[] = [];
    await on.subscribe('workers', async ({ id, key }) => {
      if (inHand.has(id)) overlaps += 1;
      inHand.add(id);
      await new Promise(setImmediate);
      inHand.delete(id);
      seen.push(key);
    });
    return seen;
  };
  const first = await member();
  const second = await member();
  let rounds = 0;
  // A network engine may need a moment until both members have partitions.
  while ((first.length === 0 || second.length === 0) && rounds < 100) {
    rounds += 1;
    await on.bus.publish(numbers(64).map((n) => on.message(`key-${n}`, String(rounds))));
    await eventually('the round is handled', () => first.length + second.length >= rounds * 64);
  }
  expect(first.length).toBeGreaterThan(0);
  expect(second.length).toBeGreaterThan(0);
  expect(overlaps).toBe(0);
};

const noOverlap = async (on: BusFixture): Promise<void> => {
  const busy = new Set<string>();
  let overlaps = 0;
  let handled = 0;
  await on.subscribe('workers', async ({ key, attempt }) => {
    if (busy.has(key)) overlaps += 1;
    busy.add(key);
    await new Promise(setImmediate);
    busy.delete(key);
    if (attempt === 1 && handled % 7 === 0) {
      handled += 1;
      throw new Error('once more');
    }
    handled += 1;
  });
  await on.bus.publish(numbers(90).map((n) => on.message(`key-${Number(n) % 3}`, n)));
  await eventually('all are handled', () => handled >= 90);
  expect(overlaps).toBe(0);
};

const severalTopics = async (on: BusFixture): Promise<void> => {
  const other = `${on.topic}.more`;
  await on.createTopics(other);
  const seen = await on.collect('readers', { topics: [on.topic, other] });
  await on.bus.publish([on.message('a', '1'), { ...on.message('b', '2'), topic: other }]);
  await eventually('both topics were heard', () => seen.length >= 2);
  expect([...seen].sort()).toEqual(['a:1', 'b:2']);
};

const leaving = async (on: BusFixture): Promise<void> => {
  const inHand = gate();
  const finish = gate();
  const bySecond: string[] = [];
  const byFirst: string[] = [];
  const first = await on.subscribe('workers', async ({ key }) => {
    byFirst.push(key);
    inHand.open();
    await finish.passed;
  });
  await on.subscribe('workers', async ({ key }) => void bySecond.push(key));
  await on.bus.publish(numbers(40).map((n) => on.message(`key-${n}`, n)));
  await inHand.passed;
  const closing = first.close();
  finish.open();
  await closing;
  await eventually('nothing is left over', () => new Set([...byFirst, ...bySecond]).size === 40);
  await on.bus.publish(numbers(40).map((n) => on.message(`late-${n}`, n)));
  await eventually(
    'the second member has all partitions',
    () => bySecond.filter((key) => key.startsWith('late')).length >= 40,
  );
  expect(byFirst.filter((key) => bySecond.includes(key))).toEqual([]);
};

const joining = async (on: BusFixture): Promise<void> => {
  const seen: string[] = [];
  const handle = async ({ key, value }: { key: string; value: string }): Promise<void> => {
    await new Promise(setImmediate);
    seen.push(`${key}:${value}`);
  };
  await on.subscribe('workers', handle);
  const keys = numbers(20).map((n) => `key-${n}`);
  await on.bus.publish(numbers(20).flatMap((n) => keys.map((key) => on.message(key, n))));
  await eventually('the first is at work', () => seen.length > 20);
  await on.subscribe('workers', handle);
  await eventually('all are handled', () => new Set(seen).size === 400);
  for (const key of keys) expect([...new Set(ofKey(seen, key))]).toEqual(numbers(20));
};
