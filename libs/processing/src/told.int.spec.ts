import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import type { InMemoryEventStore } from '@rapport/event-store';
import { DomainError, positionOf } from '@rapport/kernel';
import { InMemoryReadModelStore, type ReadModelStore } from '@rapport/read-models';
import { accounts, append, deposit, opening, storeOf, TENANT, type AccountDocument } from './fakes/accounts.js';
import { contentsOf } from './fakes/contents.js';
import { FollowersElsewhere } from './followers-elsewhere.js';
import { LiveProjection } from './live-projection.js';
import { noOwnership, soleOwnership } from './ownership.js';
import type { Audience } from './told.js';

/** Lets through nothing but what it promises, a turn later, as the way to another thread does. */
const across = (elsewhere: FollowersElsewhere): Audience => ({
  tell: (lease, news) => void setImmediate(() => elsewhere.tell(lease, structuredClone(news))),
  goneOver: (lease) => new Promise<void>((resolve) => setImmediate(resolve)).then(() => elsewhere.goneOver(lease)),
});

let events: InMemoryEventStore;
let readModels: ReadModelStore;
let elsewhere: FollowersElsewhere;
/** The one that follows, and the one that is told. */
let following: LiveProjection<AccountDocument>;
let told: LiveProjection<AccountDocument>;

const follow = async (): Promise<void> => {
  following = new LiveProjection({ events, readModels, ownership: soleOwnership(across(elsewhere)) }, accounts);
  await following.start();
};

/** Of one that may read and nothing else. */
const onlyRead = (store: ReadModelStore): ReadModelStore => {
  const refuse = (): never => {
    throw new Error('It is for reading only.');
  };
  return Object.assign(Object.create(store) as ReadModelStore, { write: refuse, activate: refuse, purge: refuse });
};

beforeEach(async () => {
  events = await storeOf([opening(1), deposit(1, 10), opening(2, 'south')]);
  readModels = new InMemoryReadModelStore();
  elsewhere = new FollowersElsewhere(() => following.rebuild());
  await follow();
  told = new LiveProjection({ events, readModels: onlyRead(readModels), ownership: noOwnership(elsewhere) }, accounts);
  await told.start();
});
afterEach(async () => {
  await told.stop();
  await following.stop();
});

const count = (): Promise<number> => told.documents.count(everythingOf(TENANT));

describe('a projection that is followed elsewhere', () => {
  it('shows what the other makes, and is waited for by what the other tells', async () => {
    expect(await count()).toBe(2);
    await told.reach(await append(events, opening(3)), 5_000);
    expect(await count()).toBe(3);
    await told.progress.reachEnd(5_000);
    expect(told.progress).toMatchObject({ position: following.progress.position, caughtUp: true });
    expect(told.progress.handled).toBe(following.progress.handled);
  });

  it('goes over to a rebuilt generation before the one it reads is dropped, and rebuilds through the other', async () => {
    let over = false;
    let least = Infinity;
    const reading = (async () => {
      while (!over) {
        least = Math.min(least, await count(), (await contentsOf(told.cells(0))).length);
        await new Promise(setImmediate);
      }
    })();
    const generations = new Set([told.generation]);
    for (let n = 0; n < 5; n += 1) {
      const waiting = told.reach(await append(events, deposit(1, 1)), 5_000);
      const { generation } = await told.rebuild();
      generations.add(generation);
      await waiting;
      expect(told.generation).toBe(generation);
    }
    over = true;
    await reading;
    expect([generations.size, least]).toEqual([6, 2]);
  });

  it('refuses to wait while nobody follows, still shows what is there, and goes on with the next one', async () => {
    const waiting = told.reach(positionOf(10n ** 18n), 60_000);
    await following.stop();
    await new Promise(setImmediate);
    elsewhere.lost();
    await expect(waiting).rejects.toMatchObject({ kind: 'not-caught-up' });
    const position = await append(events, opening(3));
    await expect(told.reach(position, 60_000)).rejects.toBeInstanceOf(DomainError);
    expect([await count(), told.progress.lastFailure]).toEqual([2, 'Nobody follows at the moment.']);
    await follow();
    while (told.progress.lastFailure) await new Promise(setImmediate);
    await told.reach(position, 5_000);
    expect(await count()).toBe(3);
  });
});
