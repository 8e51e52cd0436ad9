import { expect, it } from '@jest/globals';
import { type NewEvent, newId, type Position, START } from '@rapport/kernel';
import type { FollowOptions, Page } from './event-store.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { SharedFollowing } from './shared-following.js';

/** Counts its subscriptions, and tells a follower nothing about streams that it does not follow, as real engines do. */
class CountingStore extends InMemoryEventStore {
  subscriptions = 0;

  override async *follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    this.subscriptions += 1;
    let position = options.after;
    let announced = false;
    for await (const page of super.follow(options)) {
      position = page.events.at(-1)?.position ?? position;
      if (page.events.length > 0 || !announced) yield { ...page, position };
      announced = true;
    }
  }
}

/** Tells its followers of places further on where somebody else has written. */
class NoisyStore extends InMemoryEventStore {
  #noise = Promise.withResolvers<void>();

  noise(): void {
    this.#noise.resolve();
  }

  override async *follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    let noise = this.#noise.promise.then(() => 'noise' as const);
    const pages = super.follow(options);
    let page = pages.next();
    for (;;) {
      const heard = await Promise.race([page, noise]);
      if (heard === 'noise') {
        noise = new Promise(() => undefined);
        yield { events: [], position: `${await this.end()}0`, caughtUp: true };
      } else {
        if (heard.done) return;
        yield heard.value;
        page = pages.next();
      }
    }
  }
}

const event = (): NewEvent => {
  const metadata = {
    tenant: 'acme',
    actor: { kind: 'user' as const, id: 'u' },
    correlationId: 'c',
    commandId: newId(),
  };
  const occurredAt = '2026-01-01T00:00:00.000Z';
  return { id: newId(), type: 'Happened', data: {}, metadata: { ...metadata, occurredAt, schemaVersion: 1 } };
};

/** A follower that is pulled until it has come to a position. */
const following = (store: SharedFollowing, prefix: string, after: Position = START) => {
  const leaving = new AbortController();
  const pages = store.follow({ prefixes: [prefix], after, signal: leaving.signal })[Symbol.asyncIterator]();
  const streams: string[] = [];
  const reach = async (position: Position): Promise<void> => {
    for (;;) {
      const { value } = await pages.next();
      if (!value) throw new Error('The follower ended.');
      streams.push(...value.events.map(({ stream }) => stream));
      if (value.position >= position) return;
    }
  };
  const leave = async (): Promise<void> => {
    leaving.abort();
    await pages.next();
  };
  return { streams, reach, leave };
};

const opened = () => {
  const engine = new CountingStore();
  return { engine, store: new SharedFollowing(engine, ['contact-', 'account-']) };
};

it('takes one subscription for all who have caught up', async () => {
  const { engine, store } = opened();
  const first = await store.append('contact-acme-1', [event()], 'any');
  const followers = [following(store, 'contact-'), following(store, 'contact-acme-'), following(store, 'contact-')];
  for (const { reach } of followers) await reach(first.position);
  const { position } = await store.append('contact-acme-2', [event()], 'any');
  for (const { reach } of followers) await reach(position);
  expect(engine.subscriptions).toBe(followers.length + 1);
  for (const { streams } of followers) expect(streams).toEqual(['contact-acme-1', 'contact-acme-2']);
});

it('tells a follower how far the streams of others have come', async () => {
  const { store } = opened();
  const contacts = following(store, 'contact-');
  const accounts = following(store, 'account-');
  await contacts.reach((await store.append('contact-acme-1', [event()], 'any')).position);
  const { position } = await store.append('account-acme-1', [event()], 'any');
  await accounts.reach(position);
  await contacts.reach(position);
  expect(contacts.streams).toEqual(['contact-acme-1']);
});

it('lets a follower that has fallen behind catch up alone, losing nothing', async () => {
  const { store } = opened();
  const quick = following(store, 'contact-');
  const slow = following(store, 'contact-');
  const { position } = await store.append('contact-acme-0', [event()], 'any');
  for (const { reach } of [quick, slow]) await reach(position);
  let last = position;
  for (let n = 1; n <= 2_500; n += 1) {
    last = (await store.append(`contact-acme-${n}`, [event()], 'any')).position;
    if (n % 100 === 0) await quick.reach(last);
  }
  await slow.reach(last);
  expect(slow.streams).toEqual(Array.from({ length: 2_501 }, (_, n) => `contact-acme-${n}`));
  expect(quick.streams).toEqual(slow.streams);
});

it('gives its subscription up with the last follower, and takes a new one for the next', async () => {
  const { engine, store } = opened();
  const { position } = await store.append('contact-acme-1', [event()], 'any');
  for (const subscriptions of [2, 4]) {
    const follower = following(store, 'contact-');
    await follower.reach(position);
    const next = await store.append('contact-acme-1', [event()], 'any');
    await follower.reach(next.position);
    expect(engine.subscriptions).toBe(subscriptions);
    await follower.leave();
  }
});

it('leaves followers of other streams to the engine', async () => {
  const { engine, store } = opened();
  const { position } = await store.append('product-acme-1', [event()], 'any');
  const products = following(store, 'product-');
  await products.reach(position);
  await products.reach((await store.append('product-acme-1', [event()], 'any')).position);
  expect(engine.subscriptions).toBe(1);
});

it('says nothing of places in the engine where there is nothing of ours', async () => {
  const noisy = new NoisyStore();
  const store = new SharedFollowing(noisy, []);
  const leaving = new AbortController();
  const pages = store.follow({ prefixes: [], after: START, signal: leaving.signal })[Symbol.asyncIterator]();
  const next = async (): Promise<Page> => (await pages.next()).value as Page;
  expect(await next()).toMatchObject({ events: [], caughtUp: true });
  const first = await store.append('contact-acme-1', [event()], 'any');
  expect((await next()).position).toBe(first.position);
  noisy.noise();
  const second = await store.append('contact-acme-1', [event()], 'any');
  expect(await next()).toMatchObject({ events: [{ position: second.position }], position: second.position });
  leaving.abort();
});
