import { EventStoreDBClient, FORWARDS, jsonEvent, START } from '@eventstore/db-client';
import { expect, it } from '@jest/globals';
import { engine, type EngineName, startEventStore, type StartedEngine, startKafka, startMongo } from '@rapport/engines';
import { Kafka, logLevel } from 'kafkajs';
import { MongoClient } from 'mongodb';
import { describeWhere } from '../journeys/support/host-tools.js';

/**
 * Where an engine was started locally for this run, one of our own can be started, too. Elsewhere there is no Java or Maven,
 * or nobody asked for a local one: the cases are reported as skipped, with the reason in their name.
 */
const withLauncher = (name: EngineName, cases: () => void): void => {
  const found = engine(name);
  const missing = 'missing' in found ? [found.missing] : [];
  const elsewhere = 'source' in found && found.source !== 'local' ? ['this run has one from elsewhere'] : [];
  describeWhere([...missing, ...elsewhere], `the launcher of ${name}`, cases);
};

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Writes while `write` is called, ends the engine and starts it again; `read` must then find what was written. */
const survives = async (
  started: StartedEngine,
  end: 'stop' | 'kill',
  { write, read }: { write: (address: string) => Promise<void>; read: (address: string) => Promise<unknown> },
): Promise<void> => {
  try {
    const [address, pid] = [started.address, started.pid!];
    await write(address);
    await started[end]();
    expect(runs(pid)).toBe(false);
    await started.start();
    expect(started.address).toBe(address);
    expect(await read(address)).toEqual(['first', 'second']);
    const last = started.pid!;
    await started.close();
    expect(runs(last)).toBe(false);
  } finally {
    await started.close();
  }
};

const ends = ['stop', 'kill'] as const;
const MINUTES = 300_000;

withLauncher('kafka', () => {
  const kafkaAt = (address: string): Kafka => new Kafka({ brokers: [address], logLevel: logLevel.NOTHING });

  const write = async (address: string): Promise<void> => {
    const [admin, producer] = [kafkaAt(address).admin(), kafkaAt(address).producer({ idempotent: true })];
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'words', numPartitions: 1 }], waitForLeaders: true });
    await admin.disconnect();
    await producer.connect();
    await producer.send({ topic: 'words', messages: [{ value: 'first' }, { value: 'second' }] });
    await producer.disconnect();
  };

  const read = async (address: string): Promise<unknown> => {
    const consumer = kafkaAt(address).consumer({ groupId: 'readers' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'words', fromBeginning: true });
    const words: string[] = [];
    const complete = Promise.withResolvers<void>();
    await consumer.run({
      eachMessage: async ({ message }) => {
        if (words.push(message.value!.toString()) === 2) complete.resolve();
      },
    });
    await complete.promise;
    await consumer.disconnect();
    return words;
  };

  it.each(ends)('keeps messages over a %s', async (end) => survives(await startKafka(), end, { write, read }), MINUTES);
});

withLauncher('mongodb', () => {
  const write = async (address: string): Promise<void> => {
    await using client = new MongoClient(address);
    const words = client.db('words').collection<{ _id: number; word: string }>('words');
    await words.insertOne({ _id: 1, word: 'first' });
    await words.insertOne({ _id: 2, word: 'second' });
  };

  const read = async (address: string): Promise<unknown> => {
    await using client = new MongoClient(address);
    const words = await client.db('words').collection('words').find().sort({ _id: 1 }).toArray();
    return words.map(({ word }): unknown => word);
  };

  it.each(ends)(
    'keeps documents over a %s',
    async (end) => survives(await startMongo(), end, { write, read }),
    MINUTES,
  );
});

withLauncher('eventstoredb', () => {
  const write = async (address: string): Promise<void> => {
    const client = EventStoreDBClient.connectionString(address);
    for (const type of ['first', 'second']) await client.appendToStream('words', jsonEvent({ type, data: {} }));
    await client.dispose();
  };

  const read = async (address: string): Promise<unknown> => {
    const client = EventStoreDBClient.connectionString(address);
    const types: string[] = [];
    const events = client.readStream('words', { fromRevision: START, direction: FORWARDS });
    for await (const { event } of events) types.push(event!.type);
    await client.dispose();
    return types;
  };

  it.each(ends)(
    'keeps events over a %s',
    async (end) => survives(await startEventStore(), end, { write, read }),
    MINUTES,
  );
});
