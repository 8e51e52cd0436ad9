import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDBClient } from '@eventstore/db-client';
import { OutcomeUnknown, StoreUnavailable } from '@rapport/event-store';
import { newAggregate, newStream, noteTaken, numbered, numberOf } from '@rapport/event-store/conformance';
import { AccessRefused, AppendTooLarge, type EventStoreDbEventStore, openEventStoreDb } from '@rapport/eventstoredb';
import { type Denial, RELEASES } from '@rapport/eventstoredb-double';
import { type Position, type RecordedEvent, START } from '@rapport/kernel';
import { type DoubleServer, startDouble } from './eventstoredb-server.js';

describe('EventStoreDB, what only it does', () => {
  let server: DoubleServer;
  let namespace: string;
  let store: EventStoreDbEventStore;
  let client: EventStoreDBClient;
  let stream: string;
  beforeAll(async () => {
    server = await startDouble('24.10');
    client = EventStoreDBClient.connectionString(server.url);
  });
  beforeEach(() => {
    [namespace, stream] = [newAggregate(), newStream()];
    store = openEventStoreDb({ url: server.url, namespace, appendTimeoutMilliseconds: 2_000 });
  });
  afterEach(async () => {
    await server.double.faults.reset();
    await store.close();
  });
  afterAll(async () => {
    await client.dispose();
    await server.stop();
  });

  const readAll = async (from = store): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of from.read(stream)) events.push(event);
    return events;
  };

  it('tells its version', async () => {
    expect(await store.serverVersion()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('refuses an append of more than the server takes at once, though each event is small enough', async () => {
    const half = noteTaken({ text: 'x'.repeat(600_000) });
    const append = store.append(stream, [half, half], 'no-stream');
    await expect(append).rejects.toThrow(AppendTooLarge);
    await expect(append).rejects.toThrow('larger than the 1048576 bytes');
    expect(await readAll()).toEqual([]);
  });

  it('reads a deleted stream as an empty one and goes on with its revisions', async () => {
    await store.append(stream, numbered(3), 'no-stream');
    await client.deleteStream(`${namespace}.${stream}`);
    expect(await readAll()).toEqual([]);
    expect((await store.append(stream, numbered(1, 3), 'no-stream')).revision).toBe(3);
    expect((await readAll()).map(numberOf)).toEqual([3]);
  });

  it('reads a stream that is gone for ever as an empty one, and takes no event for it', async () => {
    await store.append(stream, numbered(3), 'no-stream');
    await client.tombstoneStream(`${namespace}.${stream}`);
    expect(await readAll()).toEqual([]);
    await expect(store.append(stream, numbered(1), 'any')).rejects.toMatchObject({ kind: 'gone' });
    const followed: RecordedEvent[] = [];
    const { signal } = new AbortController();
    for await (const page of store.follow({ prefixes: [], after: START, signal })) {
      followed.push(...page.events);
      if (page.caughtUp) break;
    }
    expect(followed.map(numberOf)).toEqual([0, 1, 2]);
  });

  it('keeps installations on one server apart', async () => {
    const other = openEventStoreDb({ url: server.url, namespace: newAggregate() });
    await store.append(stream, numbered(2), 'no-stream');
    expect(await readAll(other)).toEqual([]);
    expect((await other.append(stream, numbered(1), 'no-stream')).revision).toBe(0);
    await other.close();
  });

  it('ends where its own last event is, whatever others write', async () => {
    const other = openEventStoreDb({ url: server.url, namespace: newAggregate() });
    expect(await store.end()).toBe(START);
    const { position } = await store.append(stream, numbered(2), 'no-stream');
    for (let n = 0; n < 2_000; n += 500) await other.append(stream, numbered(500, n), 'any');
    await client.setStreamMetadata(`${namespace}.${stream}`, { maxCount: 10 });
    expect(await store.end()).toBe(position);
    const reopened = openEventStoreDb({ url: server.url, namespace });
    expect(await reopened.end()).toBe(position);
    expect(await other.end()).not.toBe(position);
    await Promise.all([other.close(), reopened.close()]);
  });

  it('waits for a server that is being restarted to say where it ends', async () => {
    const { position } = await store.append(stream, numbered(1), 'no-stream');
    await server.double.kill();
    const end = store.end();
    await server.double.restart();
    expect(await end).toBe(position);
  }, 60_000);

  it('does not know what became of an append that expects nothing when its answer is lost', async () => {
    await server.double.faults.set({ loseAnswers: 1, loss: 'silence' });
    await expect(store.append(stream, numbered(1), 'any')).rejects.toThrow(OutcomeUnknown);
    expect(await readAll()).toHaveLength(1);
  });

  it('says that nothing was written while there is no server, and goes on when it is back', async () => {
    await store.append(stream, numbered(1), 'any');
    await server.double.kill();
    const down = openEventStoreDb({ url: server.url, namespace, appendTimeoutMilliseconds: 300 });
    const append = down.append(stream, numbered(1, 1), 'any');
    await expect(append).rejects.toThrow(StoreUnavailable);
    await expect(append).rejects.toThrow('nothing was written');
    await server.double.restart();
    await store.append(stream, numbered(1, 2), 0);
    expect((await readAll(down)).map(numberOf)).toEqual([0, 2]);
    await down.close();
  }, 60_000);

  it('reads on where it was when the server is killed in the middle', async () => {
    for (let n = 0; n < 2_000; n += 500) await store.append(stream, numbered(500, n), 'any');
    const seen: number[] = [];
    for await (const event of store.read(stream)) {
      seen.push(numberOf(event));
      if (seen.length === 100) await server.restart();
    }
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, n) => n));
  }, 60_000);

  it('ends what waits when it is closed', async () => {
    const { signal } = new AbortController();
    const follower = store.follow({ prefixes: ['none-'], after: START, signal });
    await follower.next();
    const waiting = follower.next();
    await server.double.faults.set({ loseAnswers: 1, loss: 'silence' });
    const append = store.append(stream, numbered(1), 'no-stream');
    await Promise.all([
      expect(waiting).rejects.toThrow('closed'),
      expect(append).rejects.toThrow(OutcomeUnknown),
      store.close(),
    ]);
  });

  it.each<[Denial, string]>([
    ['everything', 'does not know this user and password'],
    ['writing', 'does not allow this user to append'],
    ['reading', 'does not allow this user to read streams'],
    ['all', 'does not allow this user to read all streams together ($all)'],
  ])('names the right that is missing: %s', async (denied, reason) => {
    await store.proveRights();
    await server.double.faults.set({ denied });
    await expect(store.proveRights()).rejects.toThrow(reason);
    await expect(store.proveRights()).rejects.toBeInstanceOf(AccessRefused);
    await server.double.faults.reset();
    expect(await readAll()).toEqual([]);
  });

  it('says at once that the user is unknown, and that nothing was written', async () => {
    await server.double.faults.set({ denied: 'everything' });
    const [append, read] = [store.append(stream, numbered(1), 'any'), readAll()];
    await expect(append).rejects.toThrow('does not know this user and password');
    await expect(append).rejects.toBeInstanceOf(AccessRefused);
    await expect(read).rejects.toBeInstanceOf(AccessRefused);
    await server.double.faults.reset();
    expect(await readAll()).toEqual([]);
  });
});

/** A fresh installation: an empty log, or one in which others have written, and a follower that begins before anything. */
describe.each(Object.keys(RELEASES))('a follower of a fresh installation on %s', (release) => {
  let server: DoubleServer;
  let store: EventStoreDbEventStore;
  beforeAll(async () => {
    server = await startDouble(release);
    store = openEventStoreDb({ url: server.url, namespace: newAggregate() });
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
  });

  /** Pages after a position until the event with that number has come, or the follower has caught up. */
  const follow = async (after: Position, until?: number): Promise<{ numbers: number[]; position: Position }> => {
    const [numbers, enough] = [[] as number[], new AbortController()];
    let position = after;
    for await (const page of store.follow({ prefixes: ['note-'], after, signal: enough.signal })) {
      numbers.push(...page.events.map(numberOf));
      ({ position } = page);
      if (until === undefined ? page.caughtUp : numbers.includes(until)) break;
    }
    enough.abort();
    return { numbers, position };
  };

  it.each([0, 1, 12, 60, 64, 128])(
    'sees what comes after each of its restarts, %d events of others before it',
    async (others) => {
      if (others > 0) await store.append(newStream(), numbered(others), 'any');
      const stream = `note-main-${others}`;
      let { position } = await follow(START);
      for (let n = 0; n < 4; n += 1) {
        await store.append(stream, numbered(1, 1_000 * others + n), n === 0 ? 'no-stream' : n - 1);
        const seen = await follow(position, 1_000 * others + n);
        expect(seen.numbers).toEqual([1_000 * others + n]);
        ({ position } = await follow(seen.position));
      }
    },
  );
});

describe('a release that ends subscriptions of slow consumers', () => {
  it('is followed on at once, without a word', async () => {
    const server = await startDouble('23.10');
    const troubles: string[] = [];
    const trouble = (doing: string): void => void troubles.push(doing);
    const store = openEventStoreDb({ url: server.url, namespace: newAggregate(), trouble });
    const enough = new AbortController();
    const numbers: number[] = [];
    const large = (first: number) =>
      numbered(200, first).map((event) => ({ ...event, data: { ...event.data, text: 'x'.repeat(2_000) } }));
    let written = 0;
    for await (const page of store.follow({ prefixes: [], after: START, signal: enough.signal })) {
      numbers.push(...page.events.map(numberOf));
      // More than all buffers on the way hold, while nobody reads.
      for (; written < 4_000 && page.caughtUp; written += 200)
        await store.append('note-main-slow', large(written), 'any');
      if (numbers.length === 4_000) break;
    }
    enough.abort();
    expect(numbers).toEqual(Array.from({ length: 4_000 }, (_, n) => n));
    expect(troubles).toEqual([]);
    await store.close();
    await server.stop();
  }, 60_000);
});
