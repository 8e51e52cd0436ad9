import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, type NewEvent, positionOf, START } from '@rapport/kernel';
import { openDatabase, type SqliteDatabase } from './database.js';
import { LogSync } from './log-sync.js';
import { openReading, type SqliteReading } from './reading.js';
import { EVENTS_SCHEMA } from './schema.js';
import { SqliteEventReader } from './sqlite-event-reader.js';
import { SqliteEventStore } from './sqlite-event-store.js';

/** A disk that takes its time. */
class SlowSync extends LogSync {
  waiting = Promise.withResolvers<void>();

  override sync(): Promise<void> {
    return this.waiting.promise;
  }
}

const event = (): NewEvent => ({
  id: newId(),
  type: 'NoteTaken',
  data: { text: 'x' },
  metadata: {
    tenant: 'acme',
    actor: { kind: 'system', id: 'test' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
  },
});

let folder: string;
let disk: SlowSync;
let database: SqliteDatabase;
let reading: SqliteReading;
let writer: SqliteEventStore;
let reader: SqliteEventReader;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-reader-'));
  const file = join(folder, 'events.db');
  disk = new SlowSync(undefined);
  database = openDatabase({ file, schema: EVENTS_SCHEMA, log: disk });
  writer = new SqliteEventStore(database);
  reading = openReading(file);
  reader = new SqliteEventReader(reading, START);
  writer.onDurable((position) => reader.advance(position));
});
afterEach(async () => {
  disk.waiting.resolve();
  reading.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

const stored = (): number => Number(reading.prepare('SELECT count(*) AS n FROM events').get()!['n']);
const inStream = async (): Promise<number> => (await Array.fromAsync(reader.read('note-acme-1'))).length;
const firstPage = async (): Promise<readonly [events: number, position: string, caughtUp: boolean]> => {
  for await (const { events, position, caughtUp } of reader.follow({
    prefixes: [],
    after: START,
    signal: new AbortController().signal,
  })) {
    return [events.length, position, caughtUp];
  }
  throw new Error('There was no page.');
};

describe('events read beside the thread that writes', () => {
  it('are those on the disk, and not those that are only committed', async () => {
    const appended = writer.append('note-acme-1', [event(), event()], 'no-stream');
    await new Promise<void>((resolve) => {
      const look = (): unknown => (stored() === 2 ? resolve() : setImmediate(look));
      look();
    });
    expect([await inStream(), await reader.end(), await firstPage()]).toEqual([0, START, [0, START, true]]);
    disk.waiting.resolve();
    await appended;
    const end = positionOf(2);
    expect([await inStream(), await reader.end(), await firstPage()]).toEqual([2, end, [2, end, true]]);
  });

  it('come to followers that are far behind, near, and at the end', async () => {
    disk.waiting.resolve();
    for (let n = 0; n < 30; n += 1) await writer.append(`note-acme-${n}`, Array.from({ length: 100 }, event), 'any');
    for (const after of [0, 1, 1_999, 2_000, 2_001, 2_999, 3_000]) {
      const enough = new AbortController();
      let [last, seen] = [after, 0];
      for await (const page of reader.follow({
        prefixes: ['note-'],
        after: positionOf(after),
        signal: enough.signal,
      })) {
        for (const { position } of page.events) expect(Number(position)).toBe((last += 1));
        seen += page.events.length;
        if (page.caughtUp) break;
      }
      expect(seen).toBe(3_000 - after);
    }
  });
});
