import type { Position } from '@rapport/kernel';
import type { Bookkeeping, Entry } from './bookkeeping.js';

/** What relays and reactions had remembered in the views, before it lay beside the facts. */
export interface BooksInViews {
  readonly checkpoints: readonly { readonly follower: string; readonly position: Position }[];
  /** Entries by list. */
  readonly lists: Readonly<Record<string, readonly Entry[]>>;
}

const DONE = { tenant: 'rapport', id: 'views' };

/**
 * Takes over, once, what an installation has kept in its views. To be called before anything follows; killed in the middle,
 * the next start does it again.
 */
export const takeOverBooks = async (books: Bookkeeping, find: () => Promise<BooksInViews>): Promise<void> => {
  if (await books.entry('taken-over', DONE)) return;
  const { checkpoints, lists } = await find();
  for (const { follower, position } of checkpoints) await books.saveCheckpoint(follower, position);
  for (const [list, entries] of Object.entries(lists)) {
    for (const entry of entries) await books.change<Entry>(list, entry, (present) => present ?? entry);
  }
  await books.change('taken-over', DONE, () => DONE);
};
