import { expect, it } from '@jest/globals';
import type { Message } from '../message-bus.js';
import { eventually } from './eventually.js';
import type { BusFixture } from './message-bus-under-test.js';
import { LONG, numbers, ofKey } from './samples.js';

export const deliveryCases = (on: BusFixture): void => {
  it('delivers in order per key', () => deliversInOrder(on), LONG);
  it('keeps the order per key of concurrent publishers', () => concurrentPublishers(on), LONG);
  it('carries headers, trace context and unicode unchanged', () => carriesEverything(on), LONG);
  it('gives every message an id of its own', () => distinctIds(on), LONG);
  it('accepts an empty batch', () => expect(on.bus.publish([])).resolves.toBeUndefined());
  it('delivers 10,000 messages, each once, in order per key', () => tenThousand(on), LONG);
};

const deliversInOrder = async (on: BusFixture): Promise<void> => {
  const seen = await on.collect('readers');
  await on.bus.publish(numbers(50).flatMap((n) => [on.message('ada', n), on.message('grace', n)]));
  await eventually('both keys have arrived', () => seen.length >= 100);
  expect(ofKey(seen, 'ada')).toEqual(numbers(50));
  expect(ofKey(seen, 'grace')).toEqual(numbers(50));
};

const concurrentPublishers = async (on: BusFixture): Promise<void> => {
  const seen = await on.collect('readers');
  const keys = numbers(10).map((n) => `publisher-${n}`);
  await Promise.all(keys.flatMap((key) => numbers(30).map((n) => on.bus.publish([on.message(key, n)]))));
  await eventually('all publishers are heard', () => seen.length >= 300);
  for (const key of keys) expect(ofKey(seen, key)).toEqual(numbers(30));
};

const carriesEverything = async (on: BusFixture): Promise<void> => {
  const seen: Message[] = [];
  await on.subscribe('readers', async (message) => void seen.push(message));
  const headers = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ce_type: 'ContactRegistered',
    note: 'Zoë, 東京, 👩‍👩‍👧, "quoted", a\nnew line',
    empty: '',
  };
  const sent = on.message('acme/Ünïcode-鍵', '{"name":"Łukasz 🦊","rtl":"שלום","line":"\u2028"}\u0000after', headers);
  await on.bus.publish([sent, on.message('', '')]);
  await eventually('both have arrived', () => seen.length >= 2);
  expect(seen.find(({ key }) => key === sent.key)).toMatchObject({ ...sent, attempt: 1 });
  expect(seen.find(({ key }) => key === '')).toMatchObject({ value: '', headers: {} });
};

const distinctIds = async (on: BusFixture): Promise<void> => {
  const ids = new Set<string>();
  await on.subscribe('readers', async ({ id }) => void ids.add(id));
  await on.bus.publish(numbers(40).map((n) => on.message(`key-${n}`, n)));
  await eventually('40 ids were seen', () => ids.size >= 40);
  for (const id of ids) expect(id.startsWith(`${on.topic}/`)).toBe(true);
};

const tenThousand = async (on: BusFixture): Promise<void> => {
  const seen = await on.collect('readers');
  const keys = numbers(100).map((n) => `key-${n}`);
  for (const n of numbers(100)) await on.bus.publish(keys.map((key) => on.message(key, n)));
  await eventually('10,000 messages were handled', () => seen.length >= 10_000);
  expect(new Set(seen).size).toBe(10_000);
  for (const key of keys) expect(ofKey(seen, key)).toEqual(numbers(100));
};
