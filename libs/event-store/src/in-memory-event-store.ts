import {
  type Clock,
  type EventMetadata,
  type NewEvent,
  type Position,
  positionOf,
  type RecordedEvent,
  START,
  systemClock,
} from '@rapport/kernel';
import { baseOf, decideAppend } from './append-decision.js';
import { AppendSignal } from './append-signal.js';
import { StoreUnavailable } from './errors.js';
import { checkEventSize } from './event-size.js';
import type {
  Appended,
  EventStore,
  ExpectedRevision,
  FollowOptions,
  Page,
  ReadOptions,
  RemovedStreams,
} from './event-store.js';
import { DEFAULT_PAGE_SIZE, firstAfter, followPages, isFollowed } from './following.js';
import { nameIn, partsOf } from './stream-name.js';

/** Kept as text, so that what is read back has gone through JSON as in every other store, and nobody shares objects. */
interface Stored extends Omit<RecordedEvent, 'data' | 'metadata'> {
  readonly data: string;
  readonly metadata: string;
}

/** For tests: everything in memory, with positions that have gaps and do not begin at 0, as a real engine's. */
export class InMemoryEventStore implements EventStore {
  #log: Stored[] = [];
  /** Of an event that was the last one and is removed. */
  #end: Position = START;
  readonly #streams = new Map<string, Stored[]>();
  readonly #appended = new AppendSignal();
  #place = 1_000;
  #closed = false;

  constructor(private readonly clock: Clock = systemClock) {}

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    this.#refuseWhenClosed();
    const texts = events.map(toTexts);
    const stored = this.#streams.get(stream) ?? [];
    const head = stored.length - 1;
    const decision = decideAppend({ stream, events, expected }, head, (revision) => stored[revision]?.id);
    if (events.length === 0) return { revision: head, position: START };
    if (decision === 'write') this.#write(stream, stored, texts);
    const last = stored[decision === 'write' ? stored.length - 1 : baseOf(expected) + events.length]!;
    return { revision: last.revision, position: last.position };
  }

  async *read(
    stream: string,
    { from, direction = 'forwards', limit = Infinity }: ReadOptions = {},
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    this.#refuseWhenClosed();
    const stored = this.#streams.get(stream) ?? [];
    const step = direction === 'forwards' ? 1 : -1;
    let revision = step === 1 ? (from ?? 0) : Math.min(from ?? Infinity, stored.length - 1);
    for (let given = 0; given < limit; given += 1, revision += step) {
      const event = stored[revision];
      if (!event) return;
      yield parsed(event);
    }
  }

  follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    return followPages(options, this.#appended, (position) => this.#pageAfter(position, options));
  }

  async end(): Promise<Position> {
    this.#refuseWhenClosed();
    const last = this.#log.at(-1)?.position ?? START;
    return last > this.#end ? last : this.#end;
  }

  async lacks(position: Position): Promise<boolean> {
    return position > (await this.end());
  }

  async removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams> {
    this.#end = await this.end();
    const before = this.#log.length;
    const removed = [...this.#streams.keys()].filter((stream) => {
      const parts = partsOf(stream);
      return parts.tenant === tenant && !kept.includes(nameIn(parts.aggregate));
    });
    for (const stream of removed) this.#streams.delete(stream);
    this.#log = this.#log.filter(({ stream }) => this.#streams.has(stream));
    return { streams: removed.length, events: before - this.#log.length };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#appended.notify();
  }

  #write(stream: string, stored: Stored[], texts: readonly Texts[]): void {
    const recordedAt = this.clock.now().toISOString();
    for (const event of texts) {
      this.#place += 1 + event.data.length;
      const record: Stored = {
        ...event,
        stream,
        revision: stored.length,
        position: positionOf(this.#place),
        recordedAt,
      };
      stored.push(record);
      this.#log.push(record);
    }
    this.#streams.set(stream, stored);
    this.#appended.notify();
  }

  #pageAfter(position: Position, { prefixes, pageSize = DEFAULT_PAGE_SIZE }: FollowOptions): Page {
    this.#refuseWhenClosed();
    const events: RecordedEvent[] = [];
    const first = firstAfter(this.#log, position);
    let next = first;
    for (; next < this.#log.length && events.length < pageSize; next += 1) {
      const event = this.#log[next]!;
      if (isFollowed(event.stream, prefixes)) events.push(parsed(event));
    }
    return {
      events,
      position: next < this.#log.length ? this.#log[next - 1]!.position : this.#reached(position),
      caughtUp: next === this.#log.length,
    };
  }

  /** Behind everything there is. */
  #reached(position: Position): Position {
    const last = this.#log.at(-1)?.position ?? START;
    return [position, last, this.#end].reduce((one, other) => (one > other ? one : other));
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.');
  }
}

type Texts = Pick<Stored, 'id' | 'type' | 'data' | 'metadata'>;

const toTexts = ({ id, type, data, metadata }: NewEvent): Texts => {
  const texts = { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
  checkEventSize(type, texts.data, texts.metadata);
  return texts;
};

const parsed = (event: Stored): RecordedEvent => ({
  ...event,
  data: JSON.parse(event.data) as object,
  metadata: JSON.parse(event.metadata) as EventMetadata,
});
