import type { Position, RecordedEvent } from '@rapport/kernel';
import {
  AppendSignal,
  type EventStore,
  type FollowOptions,
  followPages,
  type Page,
  type ReadOptions,
  StoreUnavailable,
} from '@rapport/event-store';
import { EventPages } from './event-pages.js';
import { EventTail } from './event-tail.js';
import type { Queries } from './statements.js';

/** So many of the last events are fetched once for all followers that keep up. */
const MOST_AT_ONCE = 1_000;

/**
 * Events of a file that another thread appends to. What that one has committed is seen from here before it is on the disk,
 * so this one has to be told how far that has come, and gives nothing beyond it.
 */
export class SqliteEventReader implements Omit<EventStore, 'append' | 'removeTenant'> {
  readonly #pages: EventPages;
  readonly #tail = new EventTail();
  readonly #appended = new AppendSignal();
  /** Last event in the tail, or before it. */
  #fetched: number;
  #closed = false;

  /** @param durable position of the last event that is on the disk */
  constructor(
    queries: Queries,
    private durable: Position,
  ) {
    this.#pages = new EventPages(queries);
    this.#fetched = Number(durable);
  }

  /** Everything up to here is on the disk now. */
  advance(durable: Position): void {
    if (durable <= this.durable) return;
    this.durable = durable;
    this.#appended.notify();
  }

  read(stream: string, options: ReadOptions = {}): AsyncGenerator<RecordedEvent, void, undefined> {
    return this.#pages.read(stream, options, () => {
      this.#refuseWhenClosed();
      return Number(this.durable);
    });
  }

  follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    const pageAfter = this.#pages.following(options);
    return followPages(options, this.#appended, (position) => {
      this.#refuseWhenClosed();
      const last = Number(this.durable);
      this.#fetch(last);
      return this.#tail.pageAfter(Number(position), options) ?? pageAfter(position, last);
    });
  }

  async end(): Promise<Position> {
    this.#refuseWhenClosed();
    return this.durable;
  }

  async lacks(position: Position): Promise<boolean> {
    return position > (await this.end());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#appended.notify();
  }

  /** Once for all followers. */
  #fetch(last: number): void {
    if (last === this.#fetched) return;
    this.#tail.write(this.#pages.between(Math.max(this.#fetched, last - MOST_AT_ONCE), last));
    this.#fetched = this.#tail.publish() ?? last;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.');
  }
}
