import type { Entry, Stream } from './stream.js';
import type { Expected } from './expected.js';
import type { RecentIds } from './recent-ids.js';

/** What becomes of an append; `idempotent` names the entry that the answer is about. */
export type Decision =
  | { readonly kind: 'write' }
  | { readonly kind: 'idempotent'; readonly last: Entry }
  | { readonly kind: 'wrong-version' }
  | { readonly kind: 'deleted' };

const WRITE: Decision = { kind: 'write' };
const WRONG_VERSION: Decision = { kind: 'wrong-version' };
const STREAM_DELETED: Decision = { kind: 'deleted' };

/** What a decision is made from. */
export interface Question {
  readonly stream: Stream;
  readonly hasMetadata: boolean;
  readonly expected: Expected;
  /** Ids of the events, in their order. */
  readonly ids: readonly string[];
}

/** Pure: nothing is written, nothing is remembered. */
export const decide = ({ stream, hasMetadata, expected, ids }: Question, recent: RecentIds): Decision => {
  if (stream.tombstone) return STREAM_DELETED;
  if (expected === 'stream_exists') {
    if (stream.softDeleted) return STREAM_DELETED;
    if (stream.last < 0 && !hasMetadata) return WRONG_VERSION;
  }
  if (expected === 'any' || expected === 'stream_exists') return byRecentIds(stream, ids, recent);
  const head = expected === 'no_stream' ? -1 : expected;
  if (head === stream.last) return WRITE;
  if (head > stream.last) return WRONG_VERSION;
  return bySlots(stream, ids, head, expected === 'no_stream');
};

/** Without a revision only the ids that are still in memory can tell a retry. */
const byRecentIds = (stream: Stream, ids: readonly string[], recent: RecentIds): Decision => {
  let last: Entry | undefined;
  for (const id of ids) {
    const known = recent.get(id);
    if (known?.stream !== stream) return last ? WRONG_VERSION : WRITE;
    last = known;
  }
  return last ? { kind: 'idempotent', last } : WRITE;
};

/** An old revision is a retry when the very events stand where this append would have put them. */
const bySlots = (stream: Stream, ids: readonly string[], head: number, noStream: boolean): Decision => {
  const different = ids.findIndex((id, n) => stream.entries[head + 1 + n]?.id !== id);
  if (different === 0 && noStream && stream.softDeleted) return WRITE;
  if (different >= 0 || ids.length === 0) return WRONG_VERSION;
  return { kind: 'idempotent', last: stream.entries[head + ids.length]! };
};
