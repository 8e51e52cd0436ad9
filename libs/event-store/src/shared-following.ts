import type { NewEvent, Position, RecordedEvent } from '@rapport/kernel';
import type {
  Appended,
  EventStore,
  ExpectedRevision,
  FollowOptions,
  Page,
  ReadOptions,
  RemovedStreams,
} from './event-store.js';
import { SharedTail } from './shared-tail.js';

/**
 * A store whose followers share one subscription once they have caught up. What comes in is fetched and parsed once for
 * all of them, and each learns at once how far the others' streams have come, too: a read that waits for a write need not
 * wait until the engine says so to a follower that the write does not concern.
 */
export class SharedFollowing implements EventStore {
  #tail: SharedTail | undefined;

  /** @param prefixes of the streams that are shared; empty for all. Followers of others follow on their own. */
  constructor(
    private readonly store: EventStore,
    private readonly prefixes: readonly string[],
  ) {}

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    return this.store.append(stream, events, expected);
  }

  read(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent> {
    return this.store.read(stream, options);
  }

  /** Whoever begins catches up alone, so that `caughtUp` says the same here as everywhere; so does whoever falls behind. */
  async *follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    if (!this.#isShared(options.prefixes)) {
      yield* this.store.follow(options);
      return;
    }
    let position = options.after;
    while (!options.signal.aborted) {
      position = yield* this.#catchUp({ ...options, after: position });
      if (!options.signal.aborted) position = yield* this.#together({ ...options, after: position });
    }
  }

  end(): Promise<Position> {
    return this.store.end();
  }

  lacks(position: Position): Promise<boolean> {
    return this.store.lacks(position);
  }

  removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams> {
    return this.store.removeTenant(tenant, kept);
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async *#catchUp(options: FollowOptions): AsyncGenerator<Page, Position, undefined> {
    const enough = new AbortController();
    const signal = AbortSignal.any([options.signal, enough.signal]);
    let position = options.after;
    try {
      for await (const page of this.store.follow({ ...options, signal })) {
        position = page.position;
        yield page;
        if (page.caughtUp) break;
      }
      return position;
    } finally {
      enough.abort();
    }
  }

  /** Ends with the last position given when the shared tail does not reach back to it. */
  async *#together(options: FollowOptions): AsyncGenerator<Page, Position, undefined> {
    this.#tail ??= new SharedTail(this.store, this.prefixes, options.after);
    const tail = this.#tail;
    tail.join();
    try {
      return yield* tail.pages(options);
    } finally {
      if (tail.leave() && this.#tail === tail) this.#tail = undefined;
    }
  }

  #isShared(prefixes: readonly string[]): boolean {
    if (this.prefixes.length === 0) return true;
    return prefixes.length > 0 && prefixes.every((prefix) => this.prefixes.some((shared) => prefix.startsWith(shared)));
  }
}
