import { setImmediate } from 'node:timers/promises';
import { nameIn, partsOf, type RemovedStreams } from '@rapport/event-store';
import type { SqliteDatabase } from './database.js';
import { NO_STREAM } from './event-rows.js';

/** Rows emptied in one transaction, which others share and wait for. */
const ROWS_TOGETHER = 2_000;

const NEXT = 'SELECT stream FROM events WHERE stream > ? ORDER BY stream LIMIT 1';
const RANGE = 'stream >= ? AND stream < ?';
const COUNT = `SELECT count(*) AS events, count(DISTINCT stream) AS streams FROM events WHERE ${RANGE}`;
const EMPTY = `UPDATE events SET stream = '${NO_STREAM}', revision = position, id = '', type = '', data = '{}', metadata = '{}',
  recorded_at = 0 WHERE position IN (SELECT position FROM events WHERE ${RANGE} LIMIT ${ROWS_TOGETHER})`;

/** Empties the rows of a tenant's streams, and the log that they came through. Goes on where it was broken off. */
export const removeStreams = async (
  database: SqliteDatabase,
  tenant: string,
  kept: readonly string[],
): Promise<RemovedStreams> => {
  let removed: RemovedStreams = { streams: 0, events: 0 };
  for (const aggregate of aggregatesIn(database)) {
    if (kept.includes(nameIn(aggregate))) continue;
    const range = [`${aggregate}-${tenant}-`, `${aggregate}-${tenant}-${LAST}`] as const;
    const { events, streams } = database.prepare(COUNT).get(...range) as unknown as RemovedStreams;
    removed = { streams: removed.streams + streams, events: removed.events + events };
    for (let left = events; left > 0; left -= ROWS_TOGETHER) {
      await database.commit(() => void database.prepare(EMPTY).run(...range));
      await setImmediate();
    }
  }
  await database.truncateLog();
  return removed;
};

const LAST = '\u{10ffff}';

/** One step along the index for each. */
function* aggregatesIn(database: SqliteDatabase): Generator<string> {
  for (let after: string = NO_STREAM; ;) {
    const next = database.prepare(NEXT).get(after)?.['stream'] as string | undefined;
    if (next === undefined) return;
    const { aggregate } = partsOf(next);
    yield aggregate;
    after = `${aggregate}-${LAST}`;
  }
}
