import { START, type Position, type RecordedEvent } from '@rapport/kernel';
import type { EventStore, FollowOptions, Page } from '../event-store.js';

/** Pages until `enough` says so; the follower is then left early, and its signal aborted. */
export const pagesUntil = async (
  store: EventStore,
  options: Partial<FollowOptions>,
  enough: (events: readonly RecordedEvent[], page: Page) => boolean,
): Promise<Page[]> => {
  const abort = new AbortController();
  const pages: Page[] = [];
  const events: RecordedEvent[] = [];
  for await (const page of store.follow({ prefixes: [], after: START, signal: abort.signal, ...options })) {
    pages.push(page);
    events.push(...page.events);
    if (enough(events, page)) break;
  }
  abort.abort();
  return pages;
};

export const eventsUntil = async (
  store: EventStore,
  options: Partial<FollowOptions>,
  enough: (events: readonly RecordedEvent[], page: Page) => boolean,
): Promise<RecordedEvent[]> => (await pagesUntil(store, options, enough)).flatMap((page) => page.events);

export const count =
  (wanted: number) =>
  (events: readonly RecordedEvent[]): boolean =>
    events.length >= wanted;

export const caughtUp = (_: readonly RecordedEvent[], page: Page): boolean => page.caughtUp;

/** Where the store stands now: a follower that starts here sees what comes next. */
export const here = async (store: EventStore, prefix: string): Promise<Position> =>
  (await pagesUntil(store, { prefixes: [prefix] }, caughtUp)).at(-1)!.position;
