import type { EventStore, Page } from '@rapport/event-store';
import { InMemoryReadModelStore, type ReadModelStore } from '@rapport/read-models';
import { Projector } from '../projector.js';
import { accounts } from './accounts.js';
import { contentsOf } from './contents.js';

/** All pages behind a position. */
export const pagesOf = async (events: EventStore, after: string, pageSize: number): Promise<Page[]> => {
  const pages: Page[] = [];
  const stop = new AbortController();
  for await (const page of events.follow({ prefixes: accounts.prefixes, after, pageSize, signal: stop.signal })) {
    pages.push(page);
    if (page.caughtUp) stop.abort();
  }
  return pages;
};

/** One pass from the checkpoint; false when it died on the way. */
export const passes = async (events: EventStore, store: ReadModelStore, pageSize: number): Promise<boolean> => {
  const projector = await Projector.open(store, accounts, 'one');
  try {
    for (const page of await pagesOf(events, await projector.checkpoint.load(), pageSize)) await projector.handle(page);
    return true;
  } catch {
    return false;
  }
};

/** Documents and cells. */
export const resultOf = async (store: ReadModelStore): Promise<object> => {
  const { documents, cells } = await Projector.open(store, accounts, 'one');
  return { documents: await contentsOf(documents), cells: await contentsOf(cells[0]!) };
};

/** What one owner that is never disturbed comes to. */
export const cleanResult = async (events: EventStore): Promise<object> => {
  const store = new InMemoryReadModelStore();
  await passes(events, store, 500);
  return resultOf(store);
};
