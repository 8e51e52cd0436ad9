import { describe, expect, it } from '@jest/globals';
import { InMemoryBookkeeping } from '@rapport/event-store';
import { InMemoryMessageBus, type MessageBus } from '@rapport/message-bus';
import { InMemoryReadModelStore } from '@rapport/read-models';
import type { CloudEvent } from './cloud-event.js';
import { append, deposit, opening, storeOf, TENANT } from './fakes/accounts.js';
import { contentsOf } from './fakes/contents.js';
import { ForeignReader, type ForeignProjection } from './foreign-reader.js';
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

interface Balance {
  readonly id: string;
  readonly tenant: string;
  readonly balance: number;
}

const balances: ForeignProjection<Balance> = {
  from: 'bank',
  declaration: { name: 'balances', fields: { balance: 'number' }, indexes: [] },
  types: ['AccountOpened', 'AccountDeposited'],
  fold: (document, { subject, tenant, data }) => {
    const amount = (data as { amount?: number }).amount ?? 0;
    return { id: subject.split('/')[1]!, tenant, balance: (document?.balance ?? 0) + amount };
  },
};

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
      const follower = relay(publishing, {
        sealedEvents: events,
        bus: unreliable(bus, moods),
        books,
        prefixes: ['account-'],
      });
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
    expect(seen).toHaveLength(11);
    expect(firsts).toHaveLength(6);
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
    const make = () => relay(publishing, { sealedEvents: events, bus, books, prefixes: ['account-'] });
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

describe('a foreign reader', () => {
  it('takes nothing twice: not on redelivery, not after a restart, not when a fold fails at first', async () => {
    const events = await storeOf(steps);
    const bus = new InMemoryMessageBus();
    const readModels = new InMemoryReadModelStore();
    const follower = relay(publishing, {
      sealedEvents: events,
      bus,
      books: new InMemoryBookkeeping(),
      prefixes: ['account-'],
    });
    follower.start();
    await follower.progress.reachEnd();
    let failures = 2;
    const first = new ForeignReader('shop', bus, readModels, {
      ...balances,
      fold: (document, event) => {
        if (failures-- > 0) throw new Error('not yet');
        return balances.fold(document, event);
      },
    });
    await first.start();
    await first.caughtUp();
    await first.stop();
    await expect(first.caughtUp()).rejects.toMatchObject({ code: 'subscription-closed' });
    for (const event of await valuesOn(bus)) {
      const key = `account-${TENANT}-${event.subject.split('/')[1]}`;
      await bus.publish([{ topic: topicOf('bank'), key, headers: {}, value: JSON.stringify(event) }]);
    }
    await append(events, deposit(2, 5));
    await follower.progress.reachEnd();
    const second = new ForeignReader('shop', bus, readModels, balances);
    await second.start();
    await follower.stop();
    await second.caughtUp();
    expect(await contentsOf(second.documents)).toMatchObject([
      { id: 'a1', balance: 40 },
      { id: 'a2', balance: 25 },
    ]);
    await second.stop();
    await bus.close();
  });

  it('reads everything again under another declaration, and goes on after what cannot be read', async () => {
    const events = await storeOf(steps);
    const bus = new InMemoryMessageBus();
    const readModels = new InMemoryReadModelStore();
    const follower = relay(publishing, {
      sealedEvents: events,
      bus,
      books: new InMemoryBookkeeping(),
      prefixes: ['account-'],
    });
    follower.start();
    await follower.progress.reachEnd();
    await follower.stop();
    const reader = new ForeignReader('shop', bus, readModels, balances);
    await reader.start();
    await reader.caughtUp();
    await reader.stop();
    const declaration = { ...balances.declaration, indexes: [['balance']] };
    const changed = new ForeignReader('shop', bus, readModels, { ...balances, declaration });
    await changed.start();
    await changed.caughtUp();
    expect(await contentsOf(changed.documents)).toMatchObject([{ balance: 40 }, { balance: 20 }]);
    await bus.publish([{ topic: topicOf('bank'), key: 'x', headers: {}, value: 'not JSON' }]);
    await changed.caughtUp();
    await changed.stop();
    await bus.close();
  });
});
