import type { Log } from '../log/log.js';
import type { Release } from '../release.js';
import { firstReadable, type From, indexAt, isFresh } from '../log/range.js';
import type { Entry, Stream } from '../log/stream.js';

/** What a subscription follows: entries that become more. */
export interface Source {
  readonly entries: readonly Entry[];
  /** Index of the first entry to give. */
  readonly start: number;
  /** The position, of all streams, that the client starts after. */
  readonly after?: number;
  /** Whether there is such a stream. */
  readonly isThere: boolean;
  /** How many entries readers may see. */
  visible(): number;
  /** Whether an entry that became visible belongs to it. */
  has(entry: Entry): boolean;
  /** False for what the stream's metadata hides, or what the client does not want. */
  shows(entry: Entry): boolean;
  /** Once it is there nothing more will come. */
  tombstone(): Entry | undefined;
}

/** A start beyond the end hides everything until there, also what is still to come. */
export const allOf = (log: Log, from: From, { skipsBeforeStart }: Release): Source => {
  const source = {
    isThere: true,
    entries: log.entries,
    visible: () => log.committed,
    has: () => true,
    tombstone: () => undefined,
  };
  if (from === 'start') return { ...source, start: 0, shows: () => true };
  const after = from === 'end' ? (log.entries[log.committed - 1]?.position ?? 0) : from;
  return {
    ...source,
    start: indexAt(log.entries, log.committed, after + 1),
    after,
    shows: ({ position }) => !skipsBeforeStart || position > after,
  };
};

export const sourceOf = (log: Log, stream: Stream, from: From): Source => {
  const visible = (): number => log.visible(stream);
  const wanted = from === 'end' ? visible() : from === 'start' ? 0 : from + 1;
  return {
    isThere: stream.last >= 0,
    entries: stream.entries,
    start: Math.max(wanted, firstReadable(stream, visible())),
    visible,
    has: (entry) => entry.stream === stream,
    shows: (entry) => entry.revision >= stream.metadata.truncateBefore && isFresh(entry, Date.now()),
    tombstone: () => (stream.tombstone && log.isVisible(stream.tombstone) ? stream.tombstone : undefined),
  };
};
