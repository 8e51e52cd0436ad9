import type { Position, RecordedEvent } from '@rapport/kernel';
import { AppendSignal } from './append-signal.js';
import type { EventStore, FollowOptions, Page } from './event-store.js';
import { DEFAULT_PAGE_SIZE, firstAfter, isFollowed } from './following.js';

/** So many events are held for followers that are a little slower than others. */
const MOST_EVENTS = 1_000;

/** The events that came last, held once for all who follow them. Ends when its last follower has left. */
export class SharedTail {
  /** Everything after this position, up to {@link #end}, is held. */
  #begin: Position;
  #end: Position;
  #events: RecordedEvent[] = [];
  #caughtUp = false;
  #failure: Error | undefined;
  #followers = 0;
  readonly #news = new AppendSignal();
  readonly #leaving = new AbortController();

  constructor(store: EventStore, prefixes: readonly string[], after: Position) {
    this.#begin = after;
    this.#end = after;
    void this.#follow(store, prefixes);
  }

  join(): void {
    this.#followers += 1;
  }

  /** True when nobody follows any more: the tail is done with. */
  leave(): boolean {
    this.#followers -= 1;
    if (this.#followers === 0) this.#leaving.abort();
    return this.#followers === 0 || this.#failure !== undefined;
  }

  /** Pages after a position, until the signal aborts or the follower has fallen behind what is held. */
  async *pages({
    after,
    prefixes,
    pageSize = DEFAULT_PAGE_SIZE,
    signal,
  }: FollowOptions): AsyncGenerator<Page, Position> {
    let position = after;
    let announced = true;
    while (!signal.aborted && position >= this.#begin) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#end > position || (this.#caughtUp && !announced)) {
        const page = this.#pageAfter(position, prefixes, pageSize);
        ({ position, caughtUp: announced } = page);
        yield page;
      } else await this.#news.wait(signal);
    }
    return position;
  }

  async #follow(store: EventStore, prefixes: readonly string[]): Promise<void> {
    const { signal } = this.#leaving;
    try {
      for await (const page of store.follow({ prefixes, after: this.#begin, signal })) {
        this.#take(page);
        this.#news.notify();
      }
    } catch (failure) {
      this.#failure = failure instanceof Error ? failure : new Error(String(failure));
      this.#news.notify();
    }
  }

  /**
   * Positions of the engine's where there is nothing of ours are kept from followers: each would save how far it has come,
   * which is written to the same engine, and so they would never rest.
   */
  #take({ events, caughtUp }: Page): void {
    for (const event of events) this.#events.push(event);
    this.#end = events.at(-1)?.position ?? this.#end;
    this.#caughtUp = caughtUp;
    if (this.#events.length <= MOST_EVENTS) return;
    // Dropping half at a time keeps the cost of moving the rest small.
    const dropped = this.#events.splice(0, this.#events.length - MOST_EVENTS / 2);
    this.#begin = dropped.at(-1)!.position;
  }

  #pageAfter(position: Position, prefixes: readonly string[], pageSize: number): Page {
    const events: RecordedEvent[] = [];
    let next = firstAfter(this.#events, position);
    for (; next < this.#events.length && events.length < pageSize; next += 1) {
      const event = this.#events[next]!;
      if (isFollowed(event.stream, prefixes)) events.push(event);
    }
    const complete = next === this.#events.length;
    return {
      events,
      position: complete ? later(this.#end, position) : this.#events[next - 1]!.position,
      caughtUp: complete && this.#caughtUp,
    };
  }
}

const later = (one: Position, other: Position): Position => (one > other ? one : other);
