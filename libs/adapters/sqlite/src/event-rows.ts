import type { StatementSync } from 'node:sqlite';
import { type EventMetadata, type NewEvent, positionOf, type RecordedEvent } from '@rapport/kernel';
import { checkEventSize } from '@rapport/event-store';
import type { SqliteDatabase } from './database.js';

/**
 * Positions are rowids: dense, because a rolled back transaction gives its numbers back, and of an event that is removed
 * the empty row stays, in the stream {@link NO_STREAM}.
 */
export const EVENTS_TABLE = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
`;

/** What the rows of removed events are in; nobody follows it. */
export const NO_STREAM = '';

export const EVENT_COLUMNS = 'position, stream, revision, id, type, data, metadata, recorded_at';

/** An event as its row: JSON as text, times as milliseconds. */
export interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly recorded_at: number;
}

/** The part of a row that is known before its place is. */
export type EventTexts = Pick<EventRow, 'id' | 'type' | 'data' | 'metadata'>;

/** Events of one append mostly share their metadata object; it is then written as text only once. */
export const textsOf = (events: readonly NewEvent[]): EventTexts[] => {
  let shared: EventMetadata | undefined;
  let metadata = '';
  return events.map((event) => {
    if (event.metadata !== shared) {
      shared = event.metadata;
      metadata = JSON.stringify(shared);
    }
    const data = JSON.stringify(event.data);
    checkEventSize(event.type, data, metadata);
    return { id: event.id, type: event.type, data, metadata };
  });
};

export const recordedEvent = (row: EventRow): RecordedEvent => ({
  id: row.id,
  type: row.type,
  data: JSON.parse(row.data) as object,
  metadata: JSON.parse(row.metadata) as EventMetadata,
  stream: row.stream,
  revision: row.revision,
  position: positionOf(row.position),
  recordedAt: instantOf(row.recorded_at),
});

/** Neighbours were mostly recorded in the same millisecond. */
let [lastMilliseconds, lastInstant] = [0, new Date(0).toISOString()];
const instantOf = (milliseconds: number): string => {
  if (milliseconds !== lastMilliseconds) {
    [lastMilliseconds, lastInstant] = [milliseconds, new Date(milliseconds).toISOString()];
  }
  return lastInstant;
};

/** Rows of one statement: entering SQLite once for several rows is faster than once for each. */
const ROWS_TOGETHER = 16;

/** Inserts rows within the current transaction. */
export class EventInsert {
  readonly #one: StatementSync;
  readonly #several: StatementSync;

  constructor(database: SqliteDatabase) {
    const insert = (rows: number) =>
      database.prepare(
        `INSERT INTO events (${EVENT_COLUMNS}) VALUES ${Array(rows).fill('(?,?,?,?,?,?,?,?)').join(',')}`,
      );
    this.#one = insert(1);
    this.#several = insert(ROWS_TOGETHER);
  }

  run(rows: readonly EventRow[]): void {
    let next = 0;
    for (; next + ROWS_TOGETHER <= rows.length; next += ROWS_TOGETHER) {
      const values: (string | number)[] = [];
      for (let n = next; n < next + ROWS_TOGETHER; n += 1) pushValues(values, rows[n]!);
      this.#several.run(...values);
    }
    for (; next < rows.length; next += 1) {
      const { position, stream, revision, id, type, data, metadata, recorded_at } = rows[next]!;
      this.#one.run(position, stream, revision, id, type, data, metadata, recorded_at);
    }
  }
}

const pushValues = (values: (string | number)[], row: EventRow): void => {
  values.push(row.position, row.stream, row.revision, row.id, row.type, row.data, row.metadata, row.recorded_at);
};
