import type { StatementSync } from 'node:sqlite';
import {
  type Clock,
  DomainError,
  type NewEvent,
  type Position,
  positionOf,
  type RecordedEvent,
  START,
  systemClock,
} from '@rapport/kernel';
import {
  type Appended,
  AppendSignal,
  baseOf,
  decideAppend,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  followPages,
  OutcomeUnknown,
  type Page,
  type ReadOptions,
  type RemovedStreams,
  StoreUnavailable,
} from '@rapport/event-store';
import type { SqliteDatabase } from './database.js';
import { EventPages } from './event-pages.js';
import { EventInsert, type EventRow, type EventTexts, textsOf } from './event-rows.js';
import { EventTail } from './event-tail.js';
import { removeStreams } from './removed-streams.js';
import { isDiskFailure } from './storage-problem.js';
import { StreamHeads } from './stream-heads.js';

const MOST_HEADS = 20_000;

/**
 * Streams in the table `events` of a service's file ({@link SERVICE_SCHEMA}). Appends that arrive together share one
 * fsync; followers that keep up share the events they are given, as one copy in memory. Whoever opened the database closes it, after its stores.
 */
export class SqliteEventStore implements EventStore {
  readonly #insert: EventInsert;
  readonly #head: StatementSync;
  readonly #eventAt: StatementSync;
  readonly #pages: EventPages;
  readonly #heads = new StreamHeads(MOST_HEADS);
  readonly #tail = new EventTail();
  readonly #appended = new AppendSignal();
  /** Of the next event; `undefined` when it must be asked for. */
  #nextPosition: number | undefined;
  #closed = false;
  /** Last event known to be on the disk, once it was asked for; followers see nothing beyond it. */
  #durable: number | undefined;
  readonly #listeners: ((position: Position) => void)[] = [];

  constructor(
    private readonly database: SqliteDatabase,
    private readonly clock: Clock = systemClock,
  ) {
    this.#insert = new EventInsert(database);
    this.#head = database.prepare('SELECT max(revision) AS head FROM events WHERE stream = ?');
    this.#eventAt = database.prepare('SELECT id, position FROM events WHERE stream = ? AND revision = ?');
    this.#pages = new EventPages(database);
    database.onRollback(() => {
      this.#heads.clear();
      this.#tail.forget();
      this.#nextPosition = undefined;
    });
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    this.#refuseWhenClosed();
    const texts = textsOf(events);
    try {
      return await this.database.commit(() => this.#appendNow(stream, events, expected, texts));
    } catch (error) {
      throw error instanceof DomainError && isDiskFailure(error.cause) ? new OutcomeUnknown(stream, error) : error;
    } finally {
      const last = this.#tail.publish();
      if (last !== undefined) this.#advance(last);
    }
  }

  /** Whoever is told of a failed disk has written nothing, and nobody reads what is not known to be there. */
  read(stream: string, options: ReadOptions = {}): AsyncGenerator<RecordedEvent, void, undefined> {
    return this.#pages.read(stream, options, () => {
      this.#refuseWhenClosed();
      return this.database.isSound ? Infinity : (this.#durable ?? 0);
    });
  }

  follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    const pageAfter = this.#pages.following(options);
    return followPages(options, this.#appended, (position) => {
      this.#refuseWhenClosed();
      const recent = this.#tail.pageAfter(Number(position), options);
      return recent ?? pageAfter(position, (this.#durable ??= this.#pages.lastPosition()));
    });
  }

  /** Has a listener told of the last position on the disk whenever there is a new one, before whoever appended it. */
  onDurable(listener: (position: Position) => void): void {
    this.#listeners.push(listener);
  }

  async end(): Promise<Position> {
    this.#refuseWhenClosed();
    return positionOf((this.#durable ??= this.#pages.lastPosition()));
  }

  async lacks(position: Position): Promise<boolean> {
    return position > (await this.end());
  }

  async removeTenant(tenant: string, kept: readonly string[]): Promise<RemovedStreams> {
    this.#refuseWhenClosed();
    const removed = await removeStreams(this.database, tenant, kept);
    this.#heads.clear();
    this.#tail.clear();
    return removed;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#appended.notify();
  }

  #advance(last: number): void {
    this.#durable = last;
    this.#appended.notify();
    for (const tell of this.#listeners) tell(positionOf(last));
  }

  /** Within a transaction. */
  #appendNow(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    texts: readonly EventTexts[],
  ): Appended {
    this.#durable ??= this.#pages.lastPosition();
    const head = this.#heads.get(stream) ?? this.#storedHead(stream);
    const decision = decideAppend(
      { stream, events, expected },
      head,
      (revision) => this.#storedEvent(stream, revision)?.id,
    );
    if (events.length === 0) return { revision: head, position: START };
    if (decision === 'write') return this.#write(stream, head, texts);
    const revision = baseOf(expected) + events.length;
    return { revision, position: positionOf(this.#storedEvent(stream, revision)!.position) };
  }

  #write(stream: string, head: number, texts: readonly EventTexts[]): Appended {
    const first = this.#nextPosition ?? this.#pages.lastPosition() + 1;
    const recorded_at = this.clock.now().getTime();
    const rows = texts.map(({ id, type, data, metadata }, n) => ({
      position: first + n,
      stream,
      revision: head + 1 + n,
      id,
      type,
      data,
      metadata,
      recorded_at,
    }));
    this.#insert.run(rows);
    this.#tail.write(rows);
    this.#nextPosition = first + rows.length;
    const revision = head + rows.length;
    this.#heads.set(stream, revision);
    return { revision, position: positionOf(first + rows.length - 1) };
  }

  #storedHead(stream: string): number {
    return (this.#head.get(stream)?.['head'] as number | null) ?? -1;
  }

  #storedEvent(stream: string, revision: number): Pick<EventRow, 'id' | 'position'> | undefined {
    return this.#eventAt.get(stream, revision) as Pick<EventRow, 'id' | 'position'> | undefined;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.');
  }
}
