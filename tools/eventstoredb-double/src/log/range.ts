import type { Entry, Stream } from './stream.js';
import type { Log } from './log.js';

/** Where to begin; a number is a revision, or a position in all streams. */
export type From = 'start' | 'end' | number;

/** Entries to be given in order, by index; `step` is 1 or -1, and `end` is not given any more. */
export interface Range {
  readonly entries: readonly Entry[];
  readonly start: number;
  readonly end: number;
  readonly step: 1 | -1;
}

/** First revision that the metadata lets readers see; events that are too old are decided one by one. */
export const firstReadable = ({ metadata: { truncateBefore, maxCount } }: Stream, visible: number): number =>
  Math.max(0, truncateBefore, visible - maxCount);

export const streamRange = (log: Log, stream: Stream, from: From, backwards: boolean): Range => {
  const visible = log.visible(stream);
  const first = firstReadable(stream, visible);
  const last = visible - 1;
  const { entries } = stream;
  if (!backwards) {
    const start = from === 'start' ? 0 : from === 'end' ? visible : from;
    return { entries, start: Math.max(start, first), end: visible, step: 1 };
  }
  const start = from === 'start' ? 0 : from === 'end' ? last : Math.min(from, last);
  return { entries, start, end: first - 1, step: -1 };
};

/** Backwards the position itself is left out, forwards it is not. */
export const allRange = ({ entries, committed }: Log, from: From, backwards: boolean): Range => {
  const start = from === 'start' ? 0 : from === 'end' ? committed : indexAt(entries, committed, from);
  return backwards ? { entries, start: start - 1, end: -1, step: -1 } : { entries, start, end: committed, step: 1 };
};

/** Index of the first entry that is not before the position. */
export const indexAt = (entries: readonly Entry[], count: number, position: number): number => {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** 0 is the beginning; what is beyond the end may become a record. */
export const isBoundary = (log: Log, position: number): boolean => {
  const found = log.entries[indexAt(log.entries, log.entries.length, position)];
  return position === 0 || !found || found.position === position;
};

/** False for an event that is older than its stream keeps events. */
export const isFresh = ({ stream, created }: Entry, now: number): boolean => now - created <= stream.metadata.maxAge;
