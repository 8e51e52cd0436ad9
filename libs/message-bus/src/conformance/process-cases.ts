import { expect, it } from '@jest/globals';
import { Fenced, type Message } from '../message-bus.js';
import { eventually } from './eventually.js';
import type { BusFixture, MessageBusFeatures } from './message-bus-under-test.js';
import { LONG, numbers } from './samples.js';

export const processCases = (on: BusFixture, features: MessageBusFeatures): void => {
  if (!features.shared) {
    it('declares that it belongs to one process', () => expect(features.shared).toBe(false));
    return;
  }
  it('shares the partitions of a group among processes', () => sharing(on), LONG);
  it('is caught up once another process has handled the rest', () => caughtUp(on), LONG);
  it('fences the publisher of another process', () => fencing(on), LONG);
};

const sharing = async (on: BusFixture): Promise<void> => {
  const other = await on.another();
  const here: string[] = [];
  const there: string[] = [];
  await on.subscribe('workers', async ({ key }) => void here.push(key));
  const handle = async ({ key }: Message): Promise<void> => void there.push(key);
  await other.subscribe({ group: 'workers', topics: [on.topic], handle });
  let rounds = 0;
  while ((here.length === 0 || there.length === 0) && rounds < 100) {
    rounds += 1;
    await on.bus.publish(numbers(64).map((n) => on.message(`key-${n}`, String(rounds))));
    await eventually('the round is handled', () => here.length + there.length >= rounds * 64);
  }
  expect(here.length).toBeGreaterThan(0);
  expect(there.length).toBeGreaterThan(0);
  await other.close();
  const before = here.length;
  await on.bus.publish(numbers(64).map((n) => on.message(`key-${n}`, 'last')));
  await eventually('this process handles everything', () => here.length >= before + 64);
};

const caughtUp = async (on: BusFixture): Promise<void> => {
  const other = await on.another();
  const seen = new Set<string>();
  const handle = async ({ key }: Message): Promise<void> => {
    await new Promise(setImmediate);
    seen.add(key);
  };
  const subscription = await on.subscribe('workers', handle);
  await other.subscribe({ group: 'workers', topics: [on.topic], handle });
  await on.bus.publish(numbers(64).map((n) => on.message(`key-${n}`, n)));
  await subscription.caughtUp();
  expect(seen.size).toBe(64);
};

const fencing = async (on: BusFixture): Promise<void> => {
  const other = await on.another();
  const first = await on.bus.publisher('relay');
  await first.publish([on.message('ada', '0')]);
  const second = await other.publisher('relay');
  await expect(first.publish([on.message('ada', 'late')])).rejects.toBeInstanceOf(Fenced);
  await second.publish([on.message('ada', '1')]);
  const seen = await on.collect('readers');
  await eventually('the newer is heard', () => seen.includes('ada:1'));
  expect(seen).toEqual(['ada:0', 'ada:1']);
};
