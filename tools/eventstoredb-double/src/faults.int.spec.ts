import { afterEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { collect, counted, PATHS, running } from './fixtures/running.js';
import { says, watch, type Watched } from './fixtures/watched.js';

const context = running();

const ELSEWHERE = { host: 'leader.example', port: 2114 };

const subscribed = async (): Promise<Watched> => {
  const watched = watch(() => context.client.subscribeToAll());
  await watched.until(says('caught up'));
  return watched;
};

/** Events of the stream `s`, by a client of its own. */
const stored = async (): Promise<number> => {
  const client = EventStoreDBClient.connectionString(context.double.url);
  const events = await collect(client.readStream('s')).catch(() => []);
  await client.dispose();
  return events.length;
};

it('has none at first, and none again after a reset', async () => {
  const { faults } = context.double;
  const none = await faults.current();
  await faults.set({ delay: 5, loseAnswers: 3 });
  expect(await faults.current()).toEqual({ ...none, delay: 5, loseAnswers: 3 });
  await faults.reset();
  expect(await faults.current()).toEqual(none);
});

describe('subscriptions', () => {
  it.each([
    ['unavailable', 'unavailable'],
    ['cancelled', 'cancelled'],
    ['ok', 'end'],
  ] as const)('are dropped as %s', async (ending, heard) => {
    const [first, second] = [await subscribed(), await subscribed()];
    expect(await context.double.faults.dropSubscriptions(ending)).toBe(2);
    await Promise.all([first.until(says(heard)), second.until(says(heard))]);
    expect(await context.double.faults.dropSubscriptions()).toBe(0);
    expect((await subscribed()).said).toContain('caught up');
  });
});

describe.each(PATHS)('appends by %s', (_, path) => {
  it('are refused as unavailable, so many times', async () => {
    await context.client.appendToStream('s', counted(1), path);
    await context.double.faults.set({ unavailable: 1 });
    const refused = context.client.appendToStream('s', counted(1), path);
    await expect(refused).rejects.toMatchObject({ type: 'unavailable' });
    await context.client.appendToStream('s', counted(1), path);
    expect(await stored()).toBe(2);
  });

  it('are refused by a server that is not the leader, which names the one that is', async () => {
    await context.client.appendToStream('s', counted(1), path);
    await context.double.faults.set({ notLeader: ELSEWHERE });
    const refused = context.client.appendToStream('s', counted(1), path);
    await expect(refused).rejects.toMatchObject({
      type: 'not-leader',
      leader: { address: ELSEWHERE.host, port: ELSEWHERE.port },
    });
    expect(await stored()).toBe(1);
  });

  it('are forwarded to the leader unless they require it', async () => {
    await context.double.faults.set({ notLeader: { ...ELSEWHERE, forwarding: true } });
    await context.client.appendToStream('s', counted(1), path);
    const strict = EventStoreDBClient.connectionString(context.double.url);
    const refused = strict.appendToStream('s', counted(1), { ...path, requiresLeader: true });
    await expect(refused).rejects.toMatchObject({ type: 'not-leader' });
    await strict.dispose();
    expect(await stored()).toBe(1);
  });

  it('are written although the call breaks, and found by the exact retry', async () => {
    await context.double.faults.set({ loseAnswers: 1, loss: 'break' });
    const events = counted(2);
    const options = { expectedRevision: 'no_stream', ...path } as const;
    const lost = context.client.appendToStream('s', events, options);
    await expect(lost).rejects.toMatchObject({ type: 'unavailable' });
    expect((await context.client.appendToStream('s', events, options)).nextExpectedRevision).toBe(1n);
    expect(await stored()).toBe(2);
  });

  it('are written although the server says that it ran out of time', async () => {
    await context.double.faults.set({ loseAnswers: 1, loss: 'timeout' });
    const lost = context.client.appendToStream('s', counted(1), path);
    await expect(lost).rejects.toMatchObject({ type: expect.stringMatching(/timeout|deadline-exceeded/) });
    expect(await stored()).toBe(1);
  });
});

it('fails everything that waits on a batch stream when the server stops being the leader', async () => {
  const { client, double } = context;
  await client.appendToStream('s', counted(1));
  await double.faults.set({ loseAnswers: 2, loss: 'silence' });
  const waiting = [client.appendToStream('s', counted(1)), client.appendToStream('s', counted(1))];
  const failures = Promise.allSettled(waiting);
  const three = watch(() => client.subscribeToStream('s'));
  await three.until(says('s@2'));
  await double.faults.set({ notLeader: ELSEWHERE });
  expect(await failures).toMatchObject([1, 2].map(() => ({ reason: { type: 'not-leader' } })));
});

it('never answers an append whose answer is lost in silence', async () => {
  const { client, double } = context;
  await client.appendToStream('s', counted(1));
  await double.faults.set({ loseAnswers: 1 });
  const lost = client.appendToStream('s', counted(1)).then(
    () => 'answered',
    () => 'failed',
  );
  await client.appendToStream('s', counted(1));
  expect(await stored()).toBe(3);
  await client.dispose();
  expect(await lost).toBe('failed');
});

it('delays answers and readers without losing anything', async () => {
  const { client, double } = context;
  await client.appendToStream('s', counted(1));
  await double.faults.set({ delay: 30, readerDelay: 5 });
  const before = Date.now();
  await client.appendToStream('s', counted(9));
  expect(Date.now() - before).toBeGreaterThanOrEqual(29);
  expect(await stored()).toBe(10);
  expect(Date.now() - before).toBeGreaterThanOrEqual(29 + 30 + 10 * 4);
});

it('takes a hundred calls on a connection and lets further ones wait without an error', async () => {
  const { client } = context;
  const calls = Array.from({ length: 100 }, () => watch(() => client.subscribeToStream('s')));
  await Promise.all(calls.map(({ until }) => until(says('caught up'))));
  const next = watch(() => client.subscribeToStream('s'));
  await expect(client.deleteStream('s', { deadline: 200 })).rejects.toMatchObject({ type: 'deadline-exceeded' });
  expect(next.said).toEqual([]);
});

afterEach(() => context.double.faults.dropSubscriptions('ok'));
