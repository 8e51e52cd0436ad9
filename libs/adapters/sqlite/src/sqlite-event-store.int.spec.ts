import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { START, type RecordedEvent } from '@rapport/kernel';
import { newStream, noteTaken, numbered, numberOf } from '@rapport/event-store/conformance';
import { LogSync } from './log-sync.js';
import { openDatabase, type SqliteDatabase } from './database.js';
import { SERVICE_SCHEMA } from './schema.js';
import { SqliteEventStore } from './sqlite-event-store.js';

let folder: string;
let file: string;
let database: SqliteDatabase;
let store: SqliteEventStore;

const start = (): void => {
  database = openDatabase({ file, schema: SERVICE_SCHEMA });
  store = new SqliteEventStore(database);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rapport-events-'));
  file = join(folder, 'events.db');
  start();
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const readAll = async (stream: string): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const event of store.read(stream)) events.push(event);
  return events;
};

const follow = async (wanted: number, pageSize = 500): Promise<RecordedEvent[]> => {
  const { signal } = new AbortController();
  const events: RecordedEvent[] = [];
  for await (const page of store.follow({ prefixes: ['note'], after: START, signal, pageSize })) {
    events.push(...page.events);
    if (events.length >= wanted) break;
  }
  return events;
};

const limitPages = (pages: number) => database.prepare(`PRAGMA max_page_count = ${pages}`).get();

describe('a full disk', () => {
  it('refuses what does not fit, keeps what was acknowledged, and goes on once there is space', async () => {
    const stream = newStream();
    await store.append(stream, numbered(10), 'no-stream');
    limitPages(12);
    const large = [noteTaken({ text: 'x'.repeat(500_000) })];
    const outcomes = await Promise.allSettled([
      store.append(stream, numbered(1, 10), 9),
      store.append(stream, large, 10),
      store.append(stream, numbered(1, 11), 10),
    ]);
    expect(outcomes).toMatchObject([
      { value: { revision: 10 } },
      { reason: { kind: 'storage-full', message: expect.stringContaining('events.db') } },
      { value: { revision: 11 } },
    ]);
    limitPages(1_000_000);
    expect((await store.append(stream, large, 11)).revision).toBe(12);
    expect((await follow(13)).slice(0, 12).map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });
});

describe('a disk that fails to keep what was written', () => {
  /** Keeps everything until it is told to fail. */
  class FailingLog extends LogSync {
    failing = false;
    override sync(): Promise<void> {
      return this.failing ? Promise.reject(new Error('EIO: i/o error, fdatasync')) : super.sync();
    }
  }

  it('acknowledges nothing more, shows nothing that was not acknowledged, and says so', async () => {
    await database.close();
    const log = new FailingLog(file);
    database = openDatabase({ file, schema: SERVICE_SCHEMA, log });
    store = new SqliteEventStore(database);
    const stream = newStream();
    await store.append(stream, numbered(3), 'no-stream');
    expect(database.problem()).toBeUndefined();
    const enough = new AbortController();
    const followed: RecordedEvent[] = [];
    const following = (async () => {
      for await (const page of store.follow({ prefixes: [], after: START, signal: enough.signal }))
        followed.push(...page.events);
    })();
    log.failing = true;
    const appends = [store.append(stream, numbered(2, 3), 2), store.append(newStream(), numbered(1), 'no-stream')];
    for (const append of appends) await expect(append).rejects.toThrow('The disk failed');
    await expect(store.append(newStream(), numbered(1), 'no-stream')).rejects.toThrow('The disk failed');
    expect((await readAll(stream)).map(numberOf)).toEqual([0, 1, 2]);
    expect((await follow(3)).map(numberOf)).toEqual([0, 1, 2]);
    expect(database.problem()).toMatchObject({ kind: 'unavailable' });
    enough.abort();
    await following;
    expect(followed.map(numberOf)).toEqual([0, 1, 2]);
  });
});

describe('an undone transaction', () => {
  it('leaves no trace in what followers see or in what appends expect', async () => {
    const stream = newStream();
    const seen = follow(6);
    await store.append(stream, numbered(2), 'no-stream');
    const broken = database.commit(() => {
      database.prepare("INSERT INTO erased_subjects VALUES ('acme', 'half', 'written')").run();
      throw new Error('after writing');
    });
    const appends = [store.append(stream, numbered(2, 2), 1), broken, store.append(stream, numbered(2, 4), 3)];
    expect((await Promise.allSettled(appends)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect((await seen).map(numberOf)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await readAll(stream)).toEqual(await seen);
  });
});

describe('followers far behind and close by', () => {
  it('see the same events in the same order', async () => {
    const streams = [newStream(), newStream()];
    const close = follow(12_000);
    for (let n = 0; n < 12_000; n += 400) await store.append(streams[(n / 400) % 2]!, numbered(400, n), 'any');
    const numbers = Array.from({ length: 12_000 }, (_, n) => n);
    expect((await close).map(numberOf)).toEqual(numbers);
    expect((await follow(12_000, 333)).map(numberOf)).toEqual(numbers);
  });

  it('reach a rare event behind many others without looking at all of them at once', async () => {
    const crowd = newStream('crowd');
    for (let n = 0; n < 25_000; n += 5_000) await store.append(crowd, numbered(5_000, n), 'any');
    await store.append(newStream(), numbered(1, 7), 'no-stream');
    await database.close();
    start();
    expect((await follow(1)).map(numberOf)).toEqual([7]);
  });
});

describe('a damaged file', () => {
  it('is named when a read comes upon the damage', async () => {
    const stream = newStream();
    await store.append(stream, numbered(5_000), 'no-stream');
    await database.close();
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(statSync(file).size - 8 * 4_096, 0xff), 0, undefined, 8 * 4_096);
    closeSync(handle);
    start();
    const damaged = {
      code: 'storage-corrupt',
      message: expect.stringMatching(/events\.db is damaged.*restore the last backup/),
    };
    await expect(readAll(stream)).rejects.toMatchObject(damaged);
    await expect(follow(5_000)).rejects.toMatchObject(damaged);
  });
});

describe('a killed process', () => {
  /** Runs a TypeScript source as it is. */
  const FROM_SOURCE = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) =>
      next(context.parentURL?.endsWith('.ts') && name.startsWith('.') ? name.replace(/\\.js$/, '.ts') : name, context) });
  `)}`;

  const startWriter = (): ChildProcessByStdio<null, Readable, Readable> =>
    spawn(
      process.execPath,
      [
        ...['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'],
        ...['--import', FROM_SOURCE, fileURLToPath(new URL('crash-test-writer.ts', import.meta.url)), file],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
    );

  /** Lines of `stream revision id`, until so many were acknowledged and the process killed. */
  const acknowledgedBy = async (writer: ReturnType<typeof startWriter>, wanted: number): Promise<string[][]> => {
    let [output, problems] = ['', ''];
    writer.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
    writer.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.length > wanted * 60) writer.kill('SIGKILL');
    });
    const [, signal] = (await once(writer, 'close')) as [unknown, string | null];
    expect([signal, problems]).toEqual(['SIGKILL', '']);
    return output
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' '));
  };

  it.each([200, 5_000])('loses nothing of %i acknowledged events, stores none twice, and can go on', async (wanted) => {
    await database.close();
    const acknowledged = await acknowledgedBy(startWriter(), wanted);
    start();
    const stored = new Map<string, RecordedEvent[]>();
    for (const stream of new Set(acknowledged.map(([name]) => name!))) stored.set(stream, await readAll(stream));
    const missing = acknowledged.filter(([stream, revision, id]) => stored.get(stream!)?.[Number(revision)]?.id !== id);
    expect([acknowledged.length >= wanted, missing]).toEqual([true, []]);
    const ids = [...stored.values()].flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [stream, events] of stored) {
      expect(events.map(({ revision }) => revision)).toEqual(events.map((_, n) => n));
      expect((await store.append(stream, numbered(1), events.length - 1)).revision).toBe(events.length);
    }
  });
});
