import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partsOf, streamName } from '@rapport/event-store';
import { idFrom, type RecordedEvent } from '@rapport/kernel';
import { InMemoryMessageBus } from '@rapport/message-bus';
import { LiveProjection, relay, type Projection } from '@rapport/processing';
import type { Document } from '@rapport/read-models';
import {
  openDatabase,
  SERVICE_SCHEMA,
  SqliteBookkeeping,
  SqliteEventStore,
  SqliteReadModelStore,
} from '@rapport/sqlite';

interface Counter extends Document {
  readonly sum: number;
}

const counters: Projection<Counter> = {
  declaration: { name: 'counters', fields: { sum: 'number' }, indexes: [['sum']] },
  prefixes: ['counter-'],
  fold: (document, event: RecordedEvent) => {
    const { tenant } = event.metadata;
    const { amount } = event.data as { amount: number };
    return { id: partsOf(event.stream).id, tenant, sum: (document?.sum ?? 0) + amount };
  },
  cells: [
    {
      declaration: { name: 'counter_cells', fields: { day: 'date', kind: 'text', sum: 'number' }, indexes: [] },
      contributions: ({ sum }) => [{ dimensions: { kind: 'all' }, measures: { sum } }],
    },
  ],
};

let folder: string;
let open: Awaited<ReturnType<typeof openAll>>;
let made = 0;

const openAll = async (projection: Projection<Counter> = counters) => {
  const database = openDatabase({ file: join(folder, 'counters.db'), schema: SERVICE_SCHEMA, secureDelete: true });
  const events = new SqliteEventStore(database);
  const readModels = new SqliteReadModelStore(database);
  const books = new SqliteBookkeeping(database);
  const live = new LiveProjection({ events, readModels }, projection);
  await live.start();
  const add = (counter: number, amount: number) => {
    const metadata = {
      tenant: 'main',
      actor: { kind: 'user', id: 'ada' } as const,
      correlationId: 'c',
      commandId: 'd',
      occurredAt: `2026-01-0${1 + (counter % 3)}T00:00:00.000Z`,
      schemaVersion: 1,
    };
    const event = { id: idFrom('event', (made += 1)), type: 'CounterRaised', data: { amount }, metadata };
    return events.append(streamName('counter', 'main', `c${counter}`), [event], 'any');
  };
  const sums = async (): Promise<readonly number[]> => {
    const { documents } = await live.documents.query(everythingOf('main'), { limit: 100 });
    const [total] = await live.cells(0).aggregate(everythingOf('main'), { groupBy: [], sums: ['sum'] });
    return [...documents.map(({ sum }) => sum), Number(total?.sums['sum'] ?? 0)];
  };
  const close = async (): Promise<void> => {
    await live.stop();
    await database.close();
  };
  return { events, books, readModels, live, add, sums, close };
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-live-'));
  open = await openAll();
});
afterEach(async () => {
  await open.close();
  rmSync(folder, { recursive: true });
});

describe('a live projection on SQLite', () => {
  it('goes on after a restart, taking nothing twice', async () => {
    await open.add(1, 5);
    await open.live.reach((await open.add(2, 7)).position, 5_000);
    await open.close();
    open = await openAll();
    await open.live.reach((await open.add(1, 1)).position, 5_000);
    expect(await open.sums()).toEqual([6, 7, 13]);
  });

  it('is rebuilt while events arrive; then and after a restart everything is there', async () => {
    for (let n = 0; n < 1_200; n += 100) await Promise.all(Array.from({ length: 100 }, () => open.add(n % 3, 1)));
    const rebuilding = open.live.rebuild();
    const arriving = Promise.all(Array.from({ length: 300 }, (_, n) => open.add(n % 3, 1)));
    expect((await open.sums()).length).toBe(4);
    await rebuilding;
    const last = Math.max(...(await arriving).map(({ position }) => Number(position)));
    await open.live.reach(String(last).padStart(20, '0'), 5_000);
    expect((await open.sums()).reduce((sum, each) => sum + each, 0)).toBe(2 * 1_500);
    await open.close();
    open = await openAll();
    expect((await open.sums()).at(-1)).toBe(1_500);
  });

  it('serves the old documents under another declaration until the new ones are complete', async () => {
    await open.live.reach((await open.add(1, 5)).position, 5_000);
    await open.close();
    open = await openAll({ ...counters, declaration: { ...counters.declaration, indexes: [] } });
    expect(await open.sums()).toEqual([5, 5]);
    await open.live.settled();
    expect(open.live.documents.declaration.indexes).toEqual([]);
    expect(await open.sums()).toEqual([5, 5]);
  });

  it('is what a relay publishes at least once, over restarts of everything', async () => {
    const publishing = {
      context: 'counters',
      publishes: { CounterRaised: ({ data }: { data: object }) => ({ type: 'CounterRaised', data }) },
    };
    const seen = new Set<string>();
    const bus = new InMemoryMessageBus();
    for (let round = 0; round < 3; round += 1) {
      const { events, books } = open;
      await Promise.all(Array.from({ length: 20 }, (_, n) => open.add(n, 1)));
      const source = { publishing, aggregates: ['counter'], sealedEvents: events, books, epoch: async () => 0 };
      const follower = relay(source, bus);
      follower.start();
      await follower.progress.reachEnd();
      const subscription = await bus.subscribe({
        group: 'test',
        topics: ['rapport.counters.v1'],
        handle: async ({ value }) => void seen.add((JSON.parse(value) as { id: string }).id),
      });
      await subscription.caughtUp();
      await subscription.close();
      await follower.stop();
      await open.close();
      open = await openAll();
      expect(seen.size).toBe(20 * (round + 1));
    }
    await bus.close();
  });
});
