import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { probeKafka } from './probe-kafka.js';

const server = createServer();
let address: string;
let connected: Socket[] = [];

beforeEach(async () => {
  connected = [];
  server.on('connection', (socket) => connected.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const socket of connected) socket.destroy();
  server.removeAllListeners().close();
  await once(server, 'close');
});

const answerWith = (...bodies: readonly Buffer[]): void => {
  server.on('connection', (socket) => {
    let at = 0;
    socket.on('data', () => {
      const body = bodies[at++]!;
      const head = Buffer.alloc(8);
      head.writeInt32BE(body.length + 4);
      // In two pieces, as a network may deliver it.
      socket.write(head.subarray(0, 3), () => socket.write(Buffer.concat([head.subarray(3), body])));
    });
  });
};

/** No error; one request that it knows; no throttling; one tag: a feature by name from level 7 to the one given. */
const versions = (feature: string, level: number): Buffer => {
  const name = Buffer.from(feature);
  const features = Buffer.concat([Buffer.from([2, name.length + 1]), name, Buffer.from([0, 7, 0, level, 0])]);
  const requests = Buffer.from([0, 0, 2, 0, 18, 0, 0, 0, 4, 0]);
  return Buffer.concat([requests, Buffer.alloc(4), Buffer.from([2, 1, 1, 9, 0, features.length]), features]);
};

const metadata = (brokers: number): Buffer => Buffer.from([0, 0, 0, brokers, 0]);

it.each([
  [27, 'Kafka 4.1'],
  [25, 'Kafka 4.0'],
  [7, 'Kafka 3.3'],
  [99, 'Kafka newer than 4.2'],
])('knows the release by level %d of its features: %s', async (level, release) => {
  answerWith(versions('metadata.version', level), metadata(1));
  expect(await probeKafka(address)).toBe(release);
});

it('does not know the release of a broker that tells nothing of it', async () => {
  answerWith(Buffer.from([0, 35, 0, 0, 0, 0]), metadata(3));
  expect(await probeKafka(address)).toBe('Kafka');
});

it('is content with one broker out of several', async () => {
  answerWith(versions('metadata.version', 27), metadata(1));
  expect(await probeKafka(`nowhere.invalid:9092, ${address}`)).toBe('Kafka 4.1');
});

it('is not content with a cluster that has no broker yet', async () => {
  answerWith(versions('metadata.version', 27), metadata(0));
  await expect(probeKafka(address)).rejects.toMatchObject({ errors: [{ message: 'The cluster has no broker yet.' }] });
});

it('says when something else answers, and when the address is none', async () => {
  server.on('connection', (socket) => socket.end());
  await expect(probeKafka(address)).rejects.toMatchObject({
    errors: [{ message: 'The connection was closed instead of an answer.' }],
  });
  await expect(probeKafka('kafka')).rejects.toMatchObject({
    errors: [{ message: '"kafka" is not of the form host:port.' }],
  });
});
