import { setImmediate } from 'node:timers/promises';
import type { Position } from '@rapport/kernel';
import type { AppendSignal } from './append-signal.js';
import type { FollowOptions, Page } from './event-store.js';

export const DEFAULT_PAGE_SIZE = 500;

/**
 * {@link EventStore.follow} for a store that gives its pages synchronously: pulls page after page, waits for `appended`
 * when nothing is left, and lets the process do other work between the pages of a long catch-up.
 */
export async function* followPages(
  { after, signal }: FollowOptions,
  appended: AppendSignal,
  pageAfter: (position: Position) => Page,
): AsyncGenerator<Page, void, undefined> {
  let position = after;
  let announced = false;
  while (!signal.aborted) {
    const page = pageAfter(position);
    if (page.position === position && announced) {
      await appended.wait(signal);
      continue;
    }
    position = page.position;
    announced = page.caughtUp;
    yield page;
    if (!announced) await setImmediate();
  }
}

/** True when the stream is one of those followed. */
export const isFollowed = (stream: string, prefixes: readonly string[]): boolean => {
  if (prefixes.length === 0) return true;
  for (const prefix of prefixes) if (stream.startsWith(prefix)) return true;
  return false;
};

/** Where in a list in order of position the first one after a position stands; the list's length when there is none. */
export const firstAfter = (events: readonly { readonly position: Position }[], position: Position): number => {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]!.position > position) high = middle;
    else low = middle + 1;
  }
  return low;
};
