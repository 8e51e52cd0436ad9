import { expect, it } from '@jest/globals';
import { engineNames } from '../engine.js';
import { dockerImages } from './docker-images.js';

it.each(engineNames)('%s: the image is named by version', (name) => {
  expect(dockerImages[name].image).toMatch(/:\d+\.\d+\.\d+$/);
});

it('Kafka is told the address by which clients reach it, and everything else that the image then asks for', () => {
  const environment = dockerImages.kafka.environment('docker.host', 20_001);
  expect(environment).toMatchObject({
    KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://docker.host:20001',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  });
  expect(Object.keys(environment).filter((key) => !/^KAFKA_[A-Z_]+$/.test(key))).toEqual([]);
});

it('MongoDB is a replica set, of which clients know that it has one member', () => {
  const { command, prepare, address } = dockerImages.mongodb;
  expect(command).toContain('--replSet');
  expect(prepare!.at(-1)).toContain(`_id: '${command![command!.indexOf('--replSet') + 1]}'`);
  expect(address('h', 1)).toContain('directConnection=true');
});

it('addresses are of the form that clients take', () => {
  expect(engineNames.map((name) => dockerImages[name].address('h', 1))).toEqual([
    'h:1',
    'mongodb://h:1/?directConnection=true',
    'esdb://h:1?tls=false',
  ]);
});
