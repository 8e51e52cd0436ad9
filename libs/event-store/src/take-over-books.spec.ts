import { expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import type { Change, Entry, EntryKey } from './bookkeeping.js';
import { InMemoryBookkeeping } from './in-memory-bookkeeping.js';
import { type BooksInViews, takeOverBooks } from './take-over-books.js';

const entry = (id: string, reason = 'old') => ({ tenant: 'main', id, reason });
const old: BooksInViews = {
  checkpoints: [
    { follower: 'relay:contacts', position: positionOf(7) },
    { follower: 'thank', position: positionOf(3) },
  ],
  lists: { parked: [entry('a'), entry('b')] },
};

/** Dies after so many changes of an entry. */
class Dying extends InMemoryBookkeeping {
  left = Infinity;

  override async change<E extends Entry>(list: string, key: EntryKey, change: Change<E>): Promise<void> {
    if ((this.left -= 1) < 0) throw new Error('killed');
    await super.change(list, key, change);
  }
}

it.each([0, 1, 2])('takes everything over, also when it was killed after %d entries', async (entries) => {
  const books = new Dying();
  books.left = entries;
  await expect(takeOverBooks(books, async () => old)).rejects.toThrow('killed');
  books.left = Infinity;
  await takeOverBooks(books, async () => old);
  expect(await books.checkpoint('relay:contacts')).toBe(positionOf(7));
  expect(await books.checkpoint('thank')).toBe(positionOf(3));
  expect(await books.entries('parked', 'main')).toEqual(old.lists['parked']);
});

it('does so once: what was taken off the list since stays off it', async () => {
  const books = new InMemoryBookkeeping();
  await takeOverBooks(books, async () => old);
  await books.change('parked', entry('a'), () => undefined);
  await books.saveCheckpoint('thank', positionOf(9));
  await takeOverBooks(books, () => Promise.reject(new Error('nobody asks again')));
  expect(await books.entries('parked')).toEqual([entry('b')]);
  expect(await books.checkpoint('thank')).toBe(positionOf(9));
});
