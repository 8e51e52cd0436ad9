import { describe, expect, it } from '@jest/globals';
import type { Engine, EngineSource } from '../engine.js';
import type { Probes } from '../until-ready.js';
import { given } from './given.js';
import { reach, type Way } from './reach.js';

const engineOf = (source: EngineSource): Engine => ({ name: 'kafka', address: 'a:1', version: 'Kafka', source });
const open =
  (source: EngineSource): Way =>
  async () =>
    engineOf(source);
const closed: Way = async () => undefined;
const failing =
  (message: string): Way =>
  async () => {
    throw new Error(message);
  };

describe('reaching an engine', () => {
  it('takes the first way that is open, and tries no further', async () => {
    const outcome = await reach('kafka', [closed, open('docker'), failing('was tried')]);
    expect(outcome).toEqual({ name: 'kafka', engine: engineOf('docker'), failures: [] });
  });

  it('goes on after a way that failed, and remembers why it did', async () => {
    const outcome = await reach('kafka', [failing('no broker'), closed, open('local')]);
    expect(outcome).toEqual({ name: 'kafka', engine: engineOf('local'), failures: ['no broker'] });
  });

  it('ends without an engine, with every reason', async () => {
    const outcome = await reach('kafka', [failing('no broker'), failing('no image'), failing('no Java')]);
    expect(outcome).toEqual({ name: 'kafka', engine: undefined, failures: ['no broker', 'no image', 'no Java'] });
  });
});

describe('an engine whose address is given', () => {
  const answering: Probes = {
    kafka: async (address) => `Kafka at ${address}`,
    mongodb: async () => Promise.reject(new AggregateError([new Error('connection refused')])),
    eventstoredb: async () => 'EventStoreDB',
  };

  it('is asked for its version', async () => {
    const found = await given({ KAFKA_BROKERS: 'a:1,b:2' }, answering)('kafka');
    expect(found).toEqual({ name: 'kafka', address: 'a:1,b:2', version: 'Kafka at a:1,b:2', source: 'environment' });
  });

  it('is not looked for when there is no address, or an empty one', async () => {
    expect(await given({}, answering)('kafka')).toBeUndefined();
    expect(await given({ KAFKA_BROKERS: '' }, answering)('kafka')).toBeUndefined();
  });

  it('fails when nothing answers there, without telling the address, which may hold a password', async () => {
    await expect(given({ MONGODB_URL: 'mongodb://u:secret@a' }, answering)('mongodb')).rejects.toMatchObject({
      message: 'MONGODB_URL is set, but nothing answers there (connection refused)',
    });
  });
});
