import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import type { Double } from './double.js';
import { collect, counted } from './fixtures/running.js';
import { spawnDouble } from './spawn-double.js';

// A process takes its time to start when others are busy.
jest.setTimeout(60_000);

let data: string;
let double: Double;
let client: EventStoreDBClient;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'double-data-'));
  double = await spawnDouble({ data });
  client = EventStoreDBClient.connectionString(double.url);
});
afterEach(async () => {
  await client.dispose();
  await double.stop();
  await rm(data, { recursive: true });
});

const again = async (): Promise<void> => {
  await client.dispose();
  client = EventStoreDBClient.connectionString(double.url);
};

const revisions = async (stream: string): Promise<number[]> =>
  (await collect(client.readStream(stream))).map(({ event }) => Number(event!.revision));

it('keeps what it has acknowledged when it is killed while it writes', async () => {
  const acknowledged = new Map<string, number>();
  let total = 0;
  let killed: Promise<void> | undefined;
  const write = async (stream: string): Promise<void> => {
    for (let revision = -1; ;) {
      const size = 1 + (total % 4);
      const expectedRevision = revision < 0 ? 'no_stream' : BigInt(revision);
      await client.appendToStream(stream, counted(size), { expectedRevision });
      acknowledged.set(stream, (revision += size));
      total += size;
      if (total > 500) killed ??= double.kill();
    }
  };
  await Promise.allSettled(Array.from({ length: 20 }, (_, n) => write(`s-${n}`)));
  await killed;
  await double.restart();
  await again();
  expect(total).toBeGreaterThan(500);
  for (const [stream, last] of acknowledged) {
    const found = await revisions(stream);
    expect(found).toEqual(found.map((_, n) => n));
    expect(found.length).toBeGreaterThan(last);
  }
});

it('knows after a restart what the log tells, and not what only memory told', async () => {
  const [named, unnamed] = [counted(2), counted(2)];
  const first = await client.appendToStream('named', named, { expectedRevision: 'no_stream' });
  await client.appendToStream('unnamed', unnamed);
  await client.appendToStream('deleted', counted(2));
  await client.deleteStream('deleted');
  await client.tombstoneStream('gone');
  const all = await collect(client.readAll());
  await double.restart();
  await again();
  expect(await collect(client.readAll())).toEqual(all);
  expect(await client.appendToStream('named', named, { expectedRevision: 'no_stream' })).toEqual(first);
  expect((await client.appendToStream('unnamed', unnamed)).nextExpectedRevision).toBe(3n);
  await expect(revisions('deleted')).rejects.toMatchObject({ type: 'stream-not-found' });
  expect((await client.appendToStream('deleted', counted(1))).nextExpectedRevision).toBe(2n);
  await expect(client.appendToStream('gone', counted(1))).rejects.toMatchObject({ type: 'stream-deleted' });
});

it('cuts the calls of a client that it leaves behind', async () => {
  const subscription = client.subscribeToAll();
  const ended = once(subscription.resume(), 'error');
  await once(subscription, 'caughtUp');
  await double.kill();
  expect(await ended).toMatchObject([{ type: expect.stringMatching(/^(unavailable|cancelled)$/) }]);
  await expect(collect(client.readAll())).rejects.toMatchObject({ type: 'unavailable' });
});

it('takes its fault switches over HTTP, and forgets them when it restarts', async () => {
  const { faults } = double;
  const none = await faults.current();
  await faults.set({ unavailable: Infinity, notLeader: { host: 'leader.example', port: 1 } });
  expect(await faults.current()).toEqual({
    ...none,
    unavailable: Infinity,
    notLeader: { host: 'leader.example', port: 1 },
  });
  await expect(collect(client.readAll())).rejects.toMatchObject({ type: 'unavailable' });
  expect(await faults.dropSubscriptions('cancelled')).toBe(0);
  await expect(faults.set({ nonsense: 1 } as object)).rejects.toThrow(/No switch .*nonsense.*there are delay,/);
  await double.restart();
  expect(await faults.current()).toEqual(none);
  await expect(fetch(`${double.control}/nothing`)).resolves.toMatchObject({ status: 404 });
});

it('is found by its gossip', async () => {
  const { host } = new URL(double.url.replace('esdb:', 'http:'));
  const cluster = EventStoreDBClient.connectionString(`esdb://${host},${host}?tls=false`);
  expect((await cluster.appendToStream('s', counted(1))).success).toBe(true);
  await cluster.dispose();
});

it('says why it cannot start', async () => {
  const port = Number(new URL(double.url.replace('esdb:', 'http:')).port);
  await expect(spawnDouble({ port })).rejects.toThrow(/did not start.*EADDRINUSE|did not start.*No address added/s);
});
