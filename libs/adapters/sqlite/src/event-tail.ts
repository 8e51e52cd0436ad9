import { positionOf, type RecordedEvent } from '@rapport/kernel';
import { DEFAULT_PAGE_SIZE, type FollowOptions, isFollowed, type Page } from '@rapport/event-store';
import { type EventRow, NO_STREAM, recordedEvent } from './event-rows.js';

/** The tail holds at most so many events, and so many characters of JSON. */
const MOST_EVENTS = 2_000;
const MOST_CHARACTERS = 8_000_000;

/**
 * The events committed last, parsed at most once for all followers: a follower that keeps up never asks SQLite.
 * Without gaps; whoever is further behind than its first event reads the table.
 */
export class EventTail {
  #events: TailEvent[] = [];
  #characters = 0;
  #written: EventRow[] = [];

  /** Rows of the transaction under way. */
  write(rows: readonly EventRow[]): void {
    for (const row of rows) this.#written.push(row);
  }

  /** The transaction was undone. */
  forget(): void {
    this.#written = [];
  }

  /** The transaction is on the disk: followers may see it. The last position; `undefined` when there was nothing new. */
  publish(): number | undefined {
    const rows = this.#written;
    if (rows.length === 0) return undefined;
    this.#written = [];
    if (rows[0]!.position !== this.#end + 1) this.#drop(this.#events.length);
    for (const row of rows) {
      this.#events.push(new TailEvent(row));
      this.#characters += sizeOf(row);
    }
    // Dropping half at a time keeps the cost of moving the rest small.
    if (this.#events.length > MOST_EVENTS) this.#drop(this.#events.length - MOST_EVENTS / 2);
    while (this.#characters > MOST_CHARACTERS) this.#drop(Math.ceil(this.#events.length / 2));
    return rows.at(-1)!.position;
  }

  /** The page after a position, or `undefined` when it begins before the tail. */
  pageAfter(position: number, { prefixes, pageSize = DEFAULT_PAGE_SIZE }: FollowOptions): Page | undefined {
    const first = this.#events[0];
    if (!first || position + 1 < first.row.position) return undefined;
    const events: RecordedEvent[] = [];
    let next = position + 1 - first.row.position;
    for (; next < this.#events.length && events.length < pageSize; next += 1) {
      const candidate = this.#events[next]!;
      const { stream } = candidate.row;
      if (stream !== NO_STREAM && isFollowed(stream, prefixes)) events.push(candidate.event);
    }
    return {
      events,
      position: positionOf(Math.max(position, first.row.position + next - 1)),
      caughtUp: next >= this.#events.length,
    };
  }

  /** What was removed is not given any more. */
  clear(): void {
    this.#drop(this.#events.length);
  }

  get #end(): number {
    return this.#events.at(-1)?.row.position ?? Number.NaN;
  }

  #drop(count: number): void {
    for (const { row } of this.#events.splice(0, count)) this.#characters -= sizeOf(row);
  }
}

class TailEvent {
  #event: RecordedEvent | undefined;

  constructor(readonly row: EventRow) {}

  get event(): RecordedEvent {
    return (this.#event ??= recordedEvent(this.row));
  }
}

const sizeOf = (row: EventRow): number => row.data.length + row.metadata.length;
