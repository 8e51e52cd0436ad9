import { describe, expect, it } from '@jest/globals';
import { InMemoryBookkeeping, type EventStore } from '@rapport/event-store';
import { InMemoryMessageBus, type MessageBus } from '@rapport/message-bus';
import type { CloudEvent } from './cloud-event.js';
import { append, deposit, opening, storeOf } from './fakes/accounts.js';
import { ownTerm } from './ownership.js';
import { topicOf, type Publishing } from './publishing.js';
import { relay } from './relay.js';

const publishing: Publishing = {
  context: 'bank',
  publishes: {
    AccountOpened: ({ data }: { data: object }) => ({ type: 'AccountOpened', data }),
    AccountDeposited: ({ data }: { data: object }) => ({ type: 'AccountDeposited', data }),
  },
};

const source = (sealedEvents: EventStore, books: InMemoryBookkeeping) => ({
  publishing,
  aggregates: ['account'],
  sealedEvents,
  books,
  epoch: async () => 0,
});

/** A bus that says no, or does it and still says no. */
const unreliable = (bus: MessageBus, moods: ('refuse' | 'lose the answer')[]): MessageBus => ({
  subscribe: (options) => bus.subscribe(options),
  close: () => bus.close(),
  publish: (messages) => bus.publish(messages),
  publisher: async (name) => {
    const publisher = await bus.publisher(name);
    return {
      close: () => publisher.close(),
      publish: async (messages) => {
        const mood = moods.shift();
        if (mood === 'refuse') throw new Error('no broker');
        await publisher.publish(messages);
        if (mood === 'lose the answer') throw new Error('connection lost');
      },
    };
  },
});

const steps = [opening(1), opening(2), deposit(1, 10), deposit(2, 20), deposit(1, 30)];

const valuesOn = async (bus: MessageBus): Promise<CloudEvent[]> => {
  const seen: CloudEvent[] = [];
  const subscription = await bus.subscribe({
    group: 'test',
    topics: [topicOf('bank')],
    handle: async ({ value }) => void seen.push(JSON.parse(value) as CloudEvent),
  });
  await subscription.caughtUp();
  await subscription.close();
  return seen;
};

describe('a relay', () => {
  it('publishes everything at least once and in order, over failures and restarts', async () => {
    const events = await storeOf(steps);
    const bus = new InMemoryMessageBus();
    const books = new InMemoryBookkeeping();
    const run = async (moods: ('refuse' | 'lose the answer')[]): Promise<void> => {
      const follower = relay(source(events, books), unreliable(bus, moods));
      follower.start();
      await follower.progress.reachEnd();
      await follower.stop();
    };
    await run(['refuse', 'lose the answer']);
    await append(events, { kind: 'Noticed', account: 1, day: 0 });
    await append(events, deposit(2, 40));
    await run([]);
    const seen = await valuesOn(bus);
    const firsts = [...new Map(seen.map((event) => [event.id, event])).values()];
    expect(seen).toHaveLength(12);
    expect(firsts.map(({ type }) => type.split('.').at(-1))).toContain('RevisionWithheld');
    expect(firsts).toHaveLength(7);
    for (const account of ['a1', 'a2']) {
      const sequences = firsts.filter(({ subject }) => subject.endsWith(account)).map(({ sequence }) => sequence);
      expect(sequences).toEqual([...sequences].sort());
    }
    await bus.close();
  });
});

describe('a relay that has moved without knowing', () => {
  it('publishes nothing more, and its term is over', async () => {
    const events = await storeOf(steps);
    const bus = new InMemoryMessageBus();
    const books = new InMemoryBookkeeping();
    const make = () => relay(source(events, books), bus);
    const [stale, fresh] = [make(), make()];
    const stopping = new AbortController();
    const over = stale.during(ownTerm(stopping.signal));
    await stale.progress.reachEnd();
    fresh.start();
    await fresh.progress.reachEnd();
    const last = await append(events, deposit(2, 40));
    await over;
    expect(stale.progress.lastFailure).toContain('newer publisher');
    await fresh.progress.reach(last, 5_000);
    await fresh.stop();
    const seen = await valuesOn(bus);
    expect(seen).toHaveLength(6);
    await bus.close();
  });
});
