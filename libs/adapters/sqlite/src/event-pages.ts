import { setImmediate } from 'node:timers/promises';
import type { StatementSync } from 'node:sqlite';
import { type Position, positionOf, type RecordedEvent } from '@rapport/kernel';
import { DEFAULT_PAGE_SIZE, type FollowOptions, type Page, type ReadOptions } from '@rapport/event-store';
import { EVENT_COLUMNS, type EventRow, NO_STREAM, recordedEvent } from './event-rows.js';
import type { Queries } from './statements.js';
import { storageProblem } from './storage-problem.js';

/** Events of a stream fetched at a time: most aggregates fit. */
const READ_PAGE = 256;

/** Places looked at for one page of a follower: bounds the time that a search for rare events takes from others. */
const FOLLOW_WINDOW = 10_000;

/** What is read of the table `events`, by whoever writes it or beside it. */
export class EventPages {
  readonly #lastPosition: StatementSync;
  readonly #between: StatementSync;

  constructor(private readonly queries: Queries) {
    this.#lastPosition = queries.prepare('SELECT max(position) AS last FROM events');
    this.#between = queries.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE position > ? AND position <= ? ORDER BY position`,
    );
  }

  /** Of a stream, but for what lies behind the last position that may be seen. */
  async *read(
    stream: string,
    options: ReadOptions,
    visible: () => number,
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    const forwards = options.direction !== 'backwards';
    const page = this.queries.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE stream = ? AND revision ${forwards ? '>=' : '<='} ?
       ORDER BY revision ${forwards ? 'ASC' : 'DESC'} LIMIT ?`,
    );
    let from = options.from ?? (forwards ? 0 : Number.MAX_SAFE_INTEGER);
    let left = options.limit ?? Infinity;
    while (left > 0) {
      const size = Math.min(left, READ_PAGE);
      const last = visible();
      const rows = this.#asking(() => page.all(stream, from, size)) as unknown as EventRow[];
      for (const row of rows) if (row.position <= last) yield recordedEvent(row);
      if (rows.length < size) return;
      left -= size;
      from = rows.at(-1)!.revision + (forwards ? 1 : -1);
      await setImmediate();
    }
  }

  /** Gives the page after a position, as far as the last one that may be seen. */
  following(options: FollowOptions): (position: Position, last: number) => Page {
    const { prefixes, pageSize = DEFAULT_PAGE_SIZE } = options;
    const pages = this.#pageStatement(prefixes.length);
    const bounds = prefixes.flatMap((prefix) => [prefix, `${prefix}\u{10ffff}`]);
    return (position, last) => {
      const after = Number(position);
      const end = Math.max(after, Math.min(after + FOLLOW_WINDOW, last));
      const rows = this.#asking(() => pages.all(after, end, ...bounds, pageSize)) as unknown as EventRow[];
      const reached = rows.length < pageSize ? end : rows.at(-1)!.position;
      return { events: rows.map(recordedEvent), position: positionOf(reached), caughtUp: reached >= last };
    };
  }

  /** Rows behind a position up to another one. */
  between(after: number, last: number): readonly EventRow[] {
    return this.#asking(() => this.#between.all(after, last)) as unknown as EventRow[];
  }

  /** 0 while there is none. */
  lastPosition(): number {
    return this.#asking(() => (this.#lastPosition.get()?.['last'] as number | null) ?? 0);
  }

  #pageStatement(prefixes: number): StatementSync {
    // The plus keeps SQLite from walking the index of streams: places must come in order.
    const followed =
      Array<string>(prefixes).fill('(+stream >= ? AND +stream < ?)').join(' OR ') || `stream <> '${NO_STREAM}'`;
    return this.queries.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE position > ? AND position <= ? AND (${followed}) ORDER BY position LIMIT ?`,
    );
  }

  /** Tells SQLite's errors in our words. */
  #asking<T>(query: () => T): T {
    try {
      return query();
    } catch (error) {
      throw storageProblem(error, this.queries.file);
    }
  }
}
