import { expect, it } from '@jest/globals';
import { deadLetterTopic, PARKED, type Message } from '../message-bus.js';
import { unparked } from '../parked-message.js';
import { eventually } from './eventually.js';
import type { BusFixture } from './message-bus-under-test.js';
import { LONG, numbers, ofKey } from './samples.js';

export const failureCases = (on: BusFixture): void => {
  it('tries again after an error, counting', () => triesAgain(on), LONG);
  it('keeps the order of a key while its message is tried again', () => orderWhileRetrying(on), LONG);
  it('parks a poison message after the last try and goes on with its key', () => parks(on), LONG);
  it('does not hold up other keys, of the same partition either', () => othersGoOn(on), LONG);
  it('says in headers what was parked and why', () => parkedHeaders(on), LONG);
  it('lets a parked message be read and replayed', () => replays(on), LONG);
  it('counts what many failing keys do each for itself', () => everythingFails(on), LONG);
};

const triesAgain = async (on: BusFixture): Promise<void> => {
  const attempts: number[] = [];
  await on.subscribe('workers', async ({ attempt }) => {
    attempts.push(attempt);
    if (attempt < 3) throw new Error('not yet');
  });
  await on.bus.publish([on.message('ada', '1')]);
  await eventually('the third try was made', () => attempts.length >= 3);
  expect(attempts).toEqual([1, 2, 3]);
};

const orderWhileRetrying = async (on: BusFixture): Promise<void> => {
  const done: string[] = [];
  await on.subscribe('workers', async ({ key, value, attempt }) => {
    if (value === '0' && attempt < 3) throw new Error('not yet');
    done.push(`${key}:${value}`);
  });
  await on.bus.publish(numbers(10).map((n) => on.message('ada', n)));
  await eventually('all are handled', () => done.length >= 10);
  expect(ofKey(done, 'ada')).toEqual(numbers(10));
};

/** Handles everything but what says "poison". */
const refusePoison =
  (done: string[]) =>
  async ({ key, value }: Message): Promise<void> => {
    if (value === 'poison') throw new Error('cannot digest this');
    done.push(`${key}:${value}`);
  };

const parks = async (on: BusFixture): Promise<void> => {
  const parkedIn = deadLetterTopic(on.topic, 'workers');
  await on.createTopics(parkedIn);
  const done: string[] = [];
  await on.subscribe('workers', refusePoison(done));
  await on.bus.publish(['0', '1', 'poison', '2', '3'].map((value) => on.message('ada', value)));
  await eventually('the key went on', () => done.length >= 4);
  expect(ofKey(done, 'ada')).toEqual(numbers(4));
  const parked = await on.collect('operators', { topics: [parkedIn] });
  await eventually('it is parked', () => parked.length >= 1);
  expect(parked).toEqual(['ada:poison']);
};

const othersGoOn = async (on: BusFixture): Promise<void> => {
  await on.createTopics(deadLetterTopic(on.topic, 'workers'));
  const done: string[] = [];
  let healed = false;
  await on.subscribe(
    'workers',
    async ({ key, value }) => {
      if (key === 'ill' && !healed) throw new Error('down');
      done.push(`${key}:${value}`);
    },
    { retry: { attempts: 1_000, pauseMilliseconds: 1 } },
  );
  const others = numbers(63).map((n) => `well-${n}`);
  await on.bus.publish(['ill', ...others, 'ill', ...others].map((key, at) => on.message(key, String(at))));
  await eventually('all other keys are done', () => done.length >= 126);
  expect(ofKey(done, 'ill')).toEqual([]);
  healed = true;
  await eventually('the held up key is done too', () => done.length >= 128);
  expect(ofKey(done, 'ill')).toEqual(['0', '64']);
};

const parkedHeaders = async (on: BusFixture): Promise<void> => {
  const parkedIn = deadLetterTopic(on.topic, 'workers');
  await on.createTopics(parkedIn);
  let id = '';
  await on.subscribe('workers', async (message) => {
    id = message.id;
    throw new Error('cannot digest this');
  });
  const parked: Message[] = [];
  await on.subscribe('operators', async (message) => void parked.push(message), { topics: [parkedIn] });
  await on.bus.publish([on.message('ada', 'poison', { traceparent: '00-a-b-01' })]);
  await eventually('it is parked', () => parked.length >= 1);
  expect(parked[0]).toMatchObject({ topic: parkedIn, key: 'ada', value: 'poison' });
  expect(parked[0]!.headers).toEqual({
    traceparent: '00-a-b-01',
    [PARKED.originalId]: id,
    [PARKED.reason]: 'cannot digest this',
    [PARKED.attempts]: '3',
  });
};

const replays = async (on: BusFixture): Promise<void> => {
  const parkedIn = deadLetterTopic(on.topic, 'workers');
  await on.createTopics(parkedIn);
  const done: Message[] = [];
  let mended = false;
  await on.subscribe('workers', async (message) => {
    if (!mended) throw new Error('a bug');
    done.push(message);
  });
  await on.bus.publish([on.message('ada', 'order', { note: 'kept' })]);
  await on.subscribe(
    'operators',
    async (message) => {
      mended = true;
      await on.bus.publish([unparked(message)]);
    },
    { topics: [parkedIn] },
  );
  await eventually('the replayed message is handled', () => done.length >= 1);
  expect(done[0]).toMatchObject({ topic: on.topic, key: 'ada', value: 'order', headers: { note: 'kept' }, attempt: 1 });
};

const everythingFails = async (on: BusFixture): Promise<void> => {
  const parkedIn = deadLetterTopic(on.topic, 'workers');
  await on.createTopics(parkedIn);
  let tries = 0;
  await on.subscribe('workers', async () => {
    tries += 1;
    throw new Error('down');
  });
  await on.bus.publish(numbers(300).map((n) => on.message(`key-${Number(n) % 100}`, n)));
  const parked = await on.collect('operators', { topics: [parkedIn] });
  await eventually('all are parked', () => parked.length >= 300);
  expect(new Set(parked).size).toBe(300);
  expect(tries).toBe(900);
  expect(ofKey(parked, 'key-7')).toEqual(['7', '107', '207']);
};
