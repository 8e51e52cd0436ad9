import { setImmediate } from 'node:timers/promises';
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
  DEFAULT_PAGE_SIZE,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  followPages,
  OutcomeUnknown,
  type Page,
  type ReadOptions,
  StoreUnavailable,
} from '@rapport/event-store';
import type { SqliteDatabase } from './database.js';
import { EVENT_COLUMNS, EventInsert, type EventRow, type EventTexts, recordedEvent, textsOf } from './event-rows.js';
import { EventTail } from './event-tail.js';
import { isDiskFailure, storageProblem } from './storage-problem.js';
import { StreamHeads } from './stream-heads.js';

/** Events of a stream fetched at a time: most aggregates fit. */
const READ_PAGE = 256;

/** Places looked at for one page of a follower: bounds the time that a search for rare events takes from others. */
const FOLLOW_WINDOW = 10_000;

const MOST_HEADS = 20_000;

/**
 * Streams in the table `events` of a service's file ({@link SERVICE_SCHEMA}). Appends that arrive together share one
 * fsync; followers that keep up share the events they are given, as one copy in memory. Whoever opened the database closes it, after its stores.
 */
export class SqliteEventStore implements EventStore {
  readonly #insert: EventInsert;
  readonly #head: StatementSync;
  readonly #eventAt: StatementSync;
  readonly #lastPosition: StatementSync;
  readonly #heads = new StreamHeads(MOST_HEADS);
  readonly #tail = new EventTail();
  readonly #appended = new AppendSignal();
  /** Of the next event; `undefined` when it must be asked for. */
  #nextPosition: number | undefined;
  #closed = false;
  /** Last event known to be on the disk, once it was asked for; followers see nothing beyond it. */
  #durable: number | undefined;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly clock: Clock = systemClock,
  ) {
    this.#insert = new EventInsert(database);
    this.#head = database.prepare('SELECT max(revision) AS head FROM events WHERE stream = ?');
    this.#eventAt = database.prepare('SELECT id, position FROM events WHERE stream = ? AND revision = ?');
    this.#lastPosition = database.prepare('SELECT max(position) AS last FROM events');
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
      if (last !== undefined) {
        this.#durable = last;
        this.#appended.notify();
      }
    }
  }

  async *read(stream: string, options: ReadOptions = {}): AsyncGenerator<RecordedEvent, void, undefined> {
    const forwards = options.direction !== 'backwards';
    const page = this.database.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE stream = ? AND revision ${forwards ? '>=' : '<='} ?
       ORDER BY revision ${forwards ? 'ASC' : 'DESC'} LIMIT ?`,
    );
    let from = options.from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER);
    let left = options.limit ?? Infinity;
    while (left > 0) {
      this.#refuseWhenClosed();
      const size = Math.min(left, READ_PAGE);
      const rows = this.#asking(() => page.all(stream, from, size)) as unknown as EventRow[];
      // Whoever is told of a failed disk has written nothing, and nobody reads what is not known to be there.
      const known = this.database.isSound ? Infinity : (this.#durable ?? 0);
      for (const row of rows) if (row.position <= known) yield recordedEvent(row);
      if (rows.length < size) return;
      left -= size;
      from = rows.at(-1)!.revision + (forwards ? 1 : -1);
      await setImmediate();
    }
  }

  follow(options: FollowOptions): AsyncGenerator<Page, void, undefined> {
    const pages = this.#pageStatement(options.prefixes.length);
    const bounds = options.prefixes.flatMap((prefix) => [prefix, `${prefix}\u{10ffff}`]);
    return followPages(options, this.#appended, (position) => {
      this.#refuseWhenClosed();
      const recent = this.#tail.pageAfter(Number(position), options);
      return recent ?? this.#asking(() => this.#pageAfter(position, options, pages, bounds));
    });
  }

  async end(): Promise<Position> {
    this.#refuseWhenClosed();
    return positionOf((this.#durable ??= this.#asking(() => this.#storedPosition())));
  }

  async lacks(position: Position): Promise<boolean> {
    return position > (await this.end());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#appended.notify();
  }

  /** Within a transaction. */
  #appendNow(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    texts: readonly EventTexts[],
  ): Appended {
    this.#durable ??= this.#storedPosition();
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
    const first = this.#nextPosition ?? this.#storedPosition() + 1;
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

  #pageStatement(prefixes: number): StatementSync {
    // The plus keeps SQLite from walking the index of streams: places must come in order.
    const followed = Array<string>(prefixes).fill('(+stream >= ? AND +stream < ?)').join(' OR ') || 'TRUE';
    return this.database.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE position > ? AND position <= ? AND (${followed}) ORDER BY position LIMIT ?`,
    );
  }

  #pageAfter(
    position: Position,
    { pageSize = DEFAULT_PAGE_SIZE }: FollowOptions,
    pages: StatementSync,
    bounds: string[],
  ): Page {
    const after = Number(position);
    const last = (this.#durable ??= this.#storedPosition());
    const end = Math.max(after, Math.min(after + FOLLOW_WINDOW, last));
    const rows = pages.all(after, end, ...bounds, pageSize) as unknown as EventRow[];
    const reached = rows.length < pageSize ? end : rows.at(-1)!.position;
    return { events: rows.map(recordedEvent), position: positionOf(reached), caughtUp: reached >= last };
  }

  /** Tells SQLite's errors in our words. */
  #asking<T>(query: () => T): T {
    try {
      return query();
    } catch (error) {
      throw storageProblem(error, this.database.file);
    }
  }

  #storedHead(stream: string): number {
    return (this.#head.get(stream)?.['head'] as number | null) ?? -1;
  }

  #storedEvent(stream: string, revision: number): Pick<EventRow, 'id' | 'position'> | undefined {
    return this.#eventAt.get(stream, revision) as Pick<EventRow, 'id' | 'position'> | undefined;
  }

  #storedPosition(): number {
    return (this.#lastPosition.get()?.['last'] as number | null) ?? 0;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new StoreUnavailable('The event store is closed.');
  }
}
