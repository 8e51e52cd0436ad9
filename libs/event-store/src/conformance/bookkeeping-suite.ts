import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { positionOf, START } from '@rapport/kernel';
import type { Bookkeeping, Entry } from '../bookkeeping.js';
import type { EventStore } from '../event-store.js';
import { caughtUp, eventsUntil } from './following.js';
import { idsOf, newStream, noteTaken } from './sample-events.js';

/** What an adapter gives the suite: empty books for each test, and the store of the facts that they lie beside. */
export interface BookkeepingUnderTest {
  readonly books: Bookkeeping;
  readonly events: EventStore;
  /** The same books as another process has them at the same time, where there can be one. */
  another?(): Promise<Bookkeeping>;
  /** Closed and opened again, as a new process would. */
  reopen?(): Promise<Bookkeeping>;
  close(): Promise<void>;
}

export interface BookkeepingAdapter {
  open(): Promise<BookkeepingUnderTest>;
  readonly features: {
    /** Several processes may share the books; then `another` is given. */
    readonly shared: boolean;
    /** What was saved outlives the process; then `reopen` is given. */
    readonly restart: boolean;
  };
}

interface Waiting extends Entry {
  readonly times: number;
}

const key = (id: string, tenant = 'main') => ({ tenant, id });
const waiting = (id: string, times = 1, tenant = 'main'): Waiting => ({ tenant, id, times });
const once =
  (id: string, tenant?: string) =>
  (present?: Waiting): Waiting =>
    waiting(id, (present?.times ?? 0) + 1, tenant);

/** Defines the tests that make something a {@link Bookkeeping}. Every adapter runs all of them. */
export const bookkeepingSuite = (name: string, { open, features }: BookkeepingAdapter): void => {
  describe(`bookkeeping: ${name}`, () => {
    let current: BookkeepingUnderTest;
    beforeEach(async () => {
      current = await open();
    });
    afterEach(() => current.close());
    const books = (): Bookkeeping => current.books;

    it('declares what it can', () => {
      expect([typeof current.another, typeof current.reopen]).toEqual([
        features.shared ? 'function' : 'undefined',
        features.restart ? 'function' : 'undefined',
      ]);
    });
    describeCheckpoints(books);
    describeEntries(books);
    describeFacts(() => current);
    if (features.shared) describeSharing(() => current);
    if (features.restart) describeRestart(() => current);
  });
};

const describeCheckpoints = (books: () => Bookkeeping): void => {
  describe('a checkpoint', () => {
    it('is what was saved last, each follower’s its own', async () => {
      expect(await books().checkpoint('relay:contacts')).toBeUndefined();
      await books().saveCheckpoint('relay:contacts', positionOf(5));
      await books().saveCheckpoint('inbox: contacts/of "tenants" – ä', positionOf(9));
      await books().saveCheckpoint('relay:contacts', positionOf(70));
      expect(await books().checkpoint('relay:contacts')).toBe(positionOf(70));
      expect(await books().checkpoint('inbox: contacts/of "tenants" – ä')).toBe(positionOf(9));
    });

    it('never moves back', async () => {
      await books().saveCheckpoint('relay', positionOf(10));
      for (const older of [START, positionOf(9), positionOf(10)]) await books().saveCheckpoint('relay', older);
      expect(await books().checkpoint('relay')).toBe(positionOf(10));
    });

    it('is the furthest of those that were saved at the same time', async () => {
      const places = [3, 17, 5, 99_999, 4, 20];
      await Promise.all(places.map((place) => books().saveCheckpoint('relay', positionOf(place))));
      expect(await books().checkpoint('relay')).toBe(positionOf(99_999));
    });
  });
};

const describeEntries = (books: () => Bookkeeping): void => {
  describe('a list', () => {
    it('has what was put on it, by tenant, in order, and nothing of other lists', async () => {
      for (const id of ['b', 'a|1', 'C']) await books().change('parked', key(id), once(id));
      await books().change('parked', key('a|1', 'other'), once('a|1', 'other'));
      await books().change('broken', key('x'), once('x'));
      expect(await books().entries('parked', 'main')).toEqual([waiting('C'), waiting('a|1'), waiting('b')]);
      expect(idsOf(await books().entries('parked'))).toEqual(['C', 'a|1', 'b', 'a|1']);
      expect(await books().entry('parked', key('a|1', 'other'))).toEqual(waiting('a|1', 1, 'other'));
      expect(await books().entry('parked', key('x'))).toBeUndefined();
      expect(await books().entries('nothing', 'main')).toEqual([]);
    });

    it('keeps an entry’s content, whatever its ids look like', async () => {
      const entry = { ...waiting('/ä "$1"\n\u0000|'), reason: 'It’s 5 > 3 – \u2028 "so"', deep: [{ n: null }] };
      await books().change('parked', entry, () => entry);
      expect(await books().entries('parked', 'main')).toEqual([entry]);
    });

    it('lets an entry be changed on top of what it was, and taken off', async () => {
      for (let n = 0; n < 3; n += 1) await books().change('parked', key('a'), once('a'));
      expect(await books().entry('parked', key('a'))).toEqual(waiting('a', 3));
      await books().change<Waiting>('parked', key('a'), (present) => present);
      expect(await books().entry('parked', key('a'))).toEqual(waiting('a', 3));
      await books().change('parked', key('a'), () => undefined);
      await books().change('parked', key('never there'), () => undefined);
      expect(await books().entries('parked')).toEqual([]);
      await books().change('parked', key('a'), once('a'));
      expect(await books().entry('parked', key('a'))).toEqual(waiting('a'));
    });

    it('loses none of the changes made at the same time', async () => {
      const ids = Array.from({ length: 20 }, (_, n) => (n % 2 ? 'shared' : `own-${n}`));
      await Promise.all(ids.map((id) => books().change('parked', key(id), once(id))));
      expect(await books().entry('parked', key('shared'))).toEqual(waiting('shared', 10));
      expect(await books().entries('parked')).toHaveLength(11);
    });
  });
};

const describeFacts = (current: () => BookkeepingUnderTest): void => {
  describe('keeping books', () => {
    it('is no event to any follower', async () => {
      const { books, events } = current();
      const note = noteTaken();
      const { position } = await events.append(newStream(), [note], 'no-stream');
      await books.saveCheckpoint('relay', position);
      await books.change('parked', key('a'), once('a'));
      await books.saveCheckpoint('relay', `${position}0`);
      expect(idsOf(await eventsUntil(events, {}, caughtUp))).toEqual([note.id]);
      expect(await events.end()).toBe(position);
    });
  });
};

const describeSharing = (current: () => BookkeepingUnderTest): void => {
  describe('two processes', () => {
    it('move a checkpoint only forwards', async () => {
      const [one, other] = [current().books, await current().another!()];
      await one.saveCheckpoint('relay', positionOf(10));
      await other.saveCheckpoint('relay', positionOf(30));
      await one.saveCheckpoint('relay', positionOf(20));
      expect(await one.checkpoint('relay')).toBe(positionOf(30));
      const places = Array.from({ length: 20 }, (_, n) => 100 + ((n * 7) % 20));
      await Promise.all(places.map((place, n) => [one, other][n % 2]!.saveCheckpoint('relay', positionOf(place))));
      expect([await one.checkpoint('relay'), await other.checkpoint('relay')]).toEqual(Array(2).fill(positionOf(119)));
    });

    it('see each other’s entries and lose no change', async () => {
      const both = [current().books, await current().another!()];
      await Promise.all(
        Array.from({ length: 20 }, (_, n) => both[n % 2]!.change('parked', key('shared'), once('shared'))),
      );
      for (const books of both) expect(await books.entries('parked')).toEqual([waiting('shared', 20)]);
      await both[0]!.change('parked', key('shared'), () => undefined);
      expect(await both[1]!.entries('parked')).toEqual([]);
    });
  });
};

const describeRestart = (current: () => BookkeepingUnderTest): void => {
  it('keeps everything over a restart', async () => {
    await current().books.saveCheckpoint('relay', positionOf(10));
    for (const id of ['a', 'b']) await current().books.change('parked', key(id), once(id));
    await current().books.change('parked', key('a'), () => undefined);
    const books = await current().reopen!();
    expect(await books.checkpoint('relay')).toBe(positionOf(10));
    await books.saveCheckpoint('relay', positionOf(9));
    expect(await books.checkpoint('relay')).toBe(positionOf(10));
    await books.change('parked', key('b'), once('b'));
    expect(await books.entries('parked')).toEqual([waiting('b', 2)]);
  });
};
