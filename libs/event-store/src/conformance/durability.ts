import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '../event-store.js';
import type { EventStoreFeatures, EventStoreUnderTest } from './event-store-under-test.js';
import { count, eventsUntil } from './following.js';
import { readAll } from './reading.js';
import { newAggregate, newStream, numbered, numberOf } from './sample-events.js';

export const describeDurability = (current: () => EventStoreUnderTest, features: EventStoreFeatures): void => {
  describe(features.restart ? 'restart' : 'no restart: declared as in memory only', () => {
    it(features.restart ? 'can be opened again' : 'cannot be opened again', () => {
      expect(typeof current().reopen).toBe(features.restart ? 'function' : 'undefined');
    });
    if (features.restart) describeRestart(current);
  });
};

const describeRestart = (current: () => EventStoreUnderTest): void => {
  const reopen = async (): Promise<EventStore> => {
    const store = await current().reopen?.();
    if (!store) throw new Error('The adapter declares restart and gives no reopen.');
    return store;
  };

  it('keeps every event, its revision, position and time', async () => {
    const stream = newStream();
    await current().store.append(stream, numbered(100), 'no-stream');
    const before = await readAll(current().store, stream);
    const store = await reopen();
    expect(await store.end()).toBe(before.at(-1)!.position);
    expect(await readAll(store, stream)).toEqual(before);
  });

  it('goes on where it was: revisions, positions, retries and checkpoints', async () => {
    const aggregate = newAggregate();
    const stream = newStream(aggregate);
    const events = numbered(3);
    const first = await current().store.append(stream, events, 'no-stream');
    const store = await reopen();
    expect(await store.append(stream, events, 'no-stream')).toEqual(first);
    const second = await store.append(stream, numbered(2, 3), first.revision);
    expect(second.revision).toBe(4);
    expect(second.position > first.position).toBe(true);
    const seen = await eventsUntil(store, { prefixes: [`${aggregate}-`], after: first.position }, count(2));
    expect(seen.map(numberOf)).toEqual([3, 4]);
  });
};
