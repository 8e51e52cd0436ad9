import type { EventStore, ExpectedRevision } from '@rapport/event-store';
import { noteTaken, newAggregate, newStream } from '@rapport/event-store/conformance';
import { DomainError, type NewEvent, type RecordedEvent, START } from '@rapport/kernel';

export interface Workload {
  readonly writers: number;
  /** Appends of each writer, one after the other, of one to three events. */
  readonly appends: number;
}

/** What the writers were told, and what a follower saw meanwhile. */
export interface Witnessed {
  /** Ids of the acknowledged events of each stream, in order. */
  readonly acknowledged: ReadonlyMap<string, readonly string[]>;
  readonly followed: readonly RecordedEvent[];
}

/** Resolves once so many events are acknowledged. */
export type Reached = (count: number) => Promise<void>;

/** What goes on beside the writers: trouble, and the follower's own pace after each page. */
export interface Circumstances {
  readonly meddle?: (reached: Reached) => Promise<void>;
  readonly pace?: () => Promise<void>;
}

/** Writers that repeat the same append until it is acknowledged, and a follower that sees everything. */
export const witness = async (
  store: EventStore,
  load: Workload,
  { meddle, pace }: Circumstances,
): Promise<Witnessed> => {
  const aggregate = newAggregate();
  const progress = new Progress();
  const streams = Array.from({ length: load.writers }, () => newStream(aggregate));
  const done = new AbortController();
  const follow = async (): Promise<RecordedEvent[]> => {
    const followed: RecordedEvent[] = [];
    for await (const page of store.follow({ prefixes: [`${aggregate}-`], after: START, signal: done.signal })) {
      followed.push(...page.events);
      if (followed.length >= eventsOf(load)) break;
      await pace?.();
    }
    return followed;
  };
  try {
    const [followed, written] = await Promise.all([
      follow(),
      Promise.all(streams.map((stream) => write(store, stream, load.appends, progress))),
      meddle?.((count) => progress.reached(count)),
    ]);
    return { followed, acknowledged: new Map(streams.map((stream, n) => [stream, written[n]!])) };
  } finally {
    done.abort();
  }
};

const write = async (store: EventStore, stream: string, appends: number, progress: Progress): Promise<string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < appends; n += 1) {
    const events = Array.from({ length: 1 + (n % 3) }, () => noteTaken({ n }));
    await appendUntilKnown(store, stream, events, ids.length === 0 ? 'no-stream' : ids.length - 1);
    ids.push(...events.map(({ id }) => id));
    progress.add(events.length);
  }
  return ids;
};

class Progress {
  #count = 0;
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  add(count: number): void {
    this.#count += count;
    for (const { resolve } of this.#waiting.filter(({ count }) => count <= this.#count)) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > this.#count);
  }

  reached(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ count, resolve });
      this.add(0);
    });
  }
}

export const eventsOf = ({ writers, appends }: Workload): number =>
  writers * Array.from({ length: appends }, (_, n) => 1 + (n % 3)).reduce((sum, n) => sum + n, 0);

const appendUntilKnown = async (
  store: EventStore,
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): Promise<void> => {
  for (;;) {
    try {
      await store.append(stream, events, expected);
      return;
    } catch (failure) {
      if (!(failure instanceof DomainError) || failure.kind !== 'unavailable') throw failure;
    }
  }
};
