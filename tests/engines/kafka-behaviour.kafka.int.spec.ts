import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTopics, describeTopics, openKafkaMessageBus, type KafkaMessageBus } from '@rapport/kafka';
import { deadLetterTopic, type BusTrouble, type Message, type OutgoingMessage } from '@rapport/message-bus';
import { eventually } from '@rapport/message-bus/conformance';
import { Kafka, logLevel } from 'kafkajs';
import { kafkaBrokers, restartsKafka, tellKafka } from './kafka-cluster.js';
import { leftOut } from '../journeys/support/host-tools.js';

const LONG = 90_000;

let opened = 0;
let connection: { brokers: readonly string[]; clientId: string; namespace: string };
let bus: KafkaMessageBus;
let troubles: BusTrouble[];

beforeEach(async () => {
  connection = {
    brokers: kafkaBrokers(),
    clientId: 'suite',
    namespace: `kafka-${process.pid}-${Date.now()}-${(opened += 1)}`,
  };
  troubles = [];
  bus = openKafkaMessageBus({ ...connection, patience: 3_000, onTrouble: (trouble) => void troubles.push(trouble) });
  await createTopics(connection, [{ topic: 't', partitions: 4, config: { 'max.message.bytes': '600000' } }]);
}, LONG);
afterEach(() => bus.close(), LONG);

const message = (key: string, value: string, topic = 't'): OutgoingMessage => ({ topic, key, headers: {}, value });

const collect = async (group: string): Promise<Message[]> => {
  const seen: Message[] = [];
  await bus.subscribe({ group, topics: ['t'], handle: async (each) => void seen.push(each) });
  return seen;
};

describe('topics', () => {
  it(
    'are created once, and what differs later is said, not changed',
    async () => {
      const declared = { topic: 'deals', partitions: 3, config: { 'retention.ms': '1000000' } };
      expect(await createTopics(connection, [declared])).toEqual({ created: ['deals'], differences: [] });
      expect(await createTopics(connection, [declared])).toEqual({ created: [], differences: [] });
      const changed = { topic: 'deals', partitions: 6, config: { 'retention.ms': '2000000' } };
      expect(await createTopics(connection, [changed])).toEqual({
        created: [],
        differences: [
          { topic: 'deals', what: 'partitions', declared: '6', found: '3' },
          { topic: 'deals', what: 'retention.ms', declared: '2000000', found: '1000000' },
        ],
      });
      expect(await describeTopics(connection, ['deals', 'unknown'])).toMatchObject([
        { topic: 'deals', partitions: 3, replicationFactor: 1, config: { 'retention.ms': '1000000' } },
      ]);
    },
    LONG,
  );

  it(
    'are not made by publishing or subscribing',
    async () => {
      const publisher = await bus.publisher('relay');
      const missing = { kind: 'not-found', code: 'topic-missing' };
      await expect(bus.publish([message('a', '1', 'unknown')])).rejects.toMatchObject(missing);
      await expect(publisher.publish([message('a', '1', 'unknown')])).rejects.toMatchObject(missing);
      const options = { group: 'g', topics: ['unknown'], handle: async () => undefined };
      await expect(bus.subscribe(options)).rejects.toMatchObject(missing);
      await publisher.publish([message('a', '2')]);
      expect(await describeTopics(connection, ['unknown'])).toEqual([]);
    },
    LONG,
  );
});

describe('a message that is too large', () => {
  const tooLarge = 'x'.repeat(700_000);

  it(
    'is refused, and harms no others',
    async () => {
      const around = Promise.all([bus.publish([message('a', '1')]), bus.publish([message('b', '2')])]);
      const refused = expect(bus.publish([message('a', tooLarge)])).rejects.toMatchObject({
        code: 'message-too-large',
      });
      const after = bus.publish([message('a', '3')]);
      await Promise.all([around, refused, after]);
      const seen = await collect('g');
      await eventually('the others are there', () => seen.length >= 3);
      expect(seen.filter(({ key }) => key === 'a').map(({ value }) => value)).toEqual(['1', '3']);
    },
    LONG,
  );

  it(
    'takes the whole call of a publisher with it, and the publisher goes on',
    async () => {
      const publisher = await bus.publisher('relay');
      const call = [message('a', '1'), message('b', '2'), message('c', tooLarge), message('d', '3')];
      await expect(publisher.publish(call)).rejects.toMatchObject({ kind: 'too-large' });
      await publisher.publish([message('a', '4')]);
      const seen: Message[] = [];
      const subscription = await bus.subscribe({
        group: 'g',
        topics: ['t'],
        handle: async (each) => void seen.push(each),
      });
      await subscription.caughtUp();
      expect(seen.map(({ value }) => value)).toEqual(['4']);
    },
    LONG,
  );
});

it(
  'says which messages wait for a dead-letter topic that is missing',
  async () => {
    const options = { attempts: 1, pauseMilliseconds: 1 };
    const handle = () => Promise.reject(new Error('poison'));
    await bus.subscribe({ group: 'g', topics: ['t'], handle, retry: options });
    await bus.publish([message('a', '1')]);
    await eventually('it is said', () => troubles.some(({ kind }) => kind === 'storage'));
    await createTopics(connection, [{ topic: deadLetterTopic('t', 'g'), partitions: 1 }]);
    await eventually('it is parked', () => troubles.some(({ kind }) => kind === 'parked'));
  },
  LONG,
);

it(
  'lets other partitions go on while a handler takes its time',
  async () => {
    const done: string[] = [];
    const slow = Promise.withResolvers<void>();
    const handle = async ({ key }: Message): Promise<void> => {
      if (key === 'slow') await slow.promise;
      done.push(key);
    };
    await bus.subscribe({ group: 'g', topics: ['t'], handle });
    const others = Array.from({ length: 40 }, (_, n) => `key-${n}`);
    await bus.publish([message('slow', '1'), ...others.map((key) => message(key, '1'))]);
    await eventually('others are handled', () => done.length >= 20);
    const quick = done[0]!;
    await bus.publish([message(quick, '2')]);
    await eventually('and what comes later is too', () => done.filter((key) => key === quick).length === 2);
    expect(done).not.toContain('slow');
    slow.resolve();
    await eventually('everything is', () => done.length === 42);
  },
  LONG,
);

it(
  'is not caught up before the end of a transaction that has written something',
  async () => {
    const seen: string[] = [];
    const handle = async ({ value }: Message): Promise<void> => void seen.push(value);
    const subscription = await bus.subscribe({ group: 'g', topics: ['t'], handle });
    const producer = new Kafka({ brokers: [...kafkaBrokers()], logLevel: logLevel.NOTHING }).producer({
      ...{ transactionalId: `${connection.namespace}.by-hand`, maxInFlightRequests: 1, idempotent: true },
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic: `${connection.namespace}.t`, messages: [{ key: 'a', value: '1' }] });
    const caughtUp = subscription.caughtUp().then(() => [...seen]);
    // Time for a look that would find nothing there.
    for (let looks = 0; looks < 3; looks += 1) await bus.describe();
    await transaction.commit();
    expect(await caughtUp).toEqual(['1']);
    await producer.disconnect();
  },
  LONG,
);

if (restartsKafka) {
  it(
    'says that Kafka is not there, and finds it again',
    async () => {
      const seen = await collect('g');
      await bus.publish([message('a', '1')]);
      await eventually('it works', () => seen.length >= 1);
      await tellKafka('stop');
      const refused = { kind: 'unavailable', code: 'kafka-unavailable' };
      await expect(bus.publish([message('a', '2')])).rejects.toMatchObject(refused);
      await expect(bus.publisher('relay')).rejects.toMatchObject(refused);
      await tellKafka('start');
      await published([message('a', '3')]);
      await eventually('it works again', () => seen.some(({ value }) => value === '3'));
    },
    2 * LONG,
  );
} else {
  leftOut('takes up where it was once Kafka is back', 'this broker may not be stopped');
}

/** Publishes as somebody who does not give up. */
const published = async (messages: readonly OutgoingMessage[]): Promise<void> => {
  for (;;) {
    try {
      await bus.publish(messages);
      return;
    } catch (error) {
      expect(error).toMatchObject({ kind: 'unavailable' });
    }
  }
};
