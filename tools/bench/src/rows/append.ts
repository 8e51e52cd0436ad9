import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { streamName } from '@rapport/event-store';
import { newId, type NewEvent } from '@rapport/kernel';
import { openDatabase, SERVICE_SCHEMA, SqliteEventStore } from '@rapport/sqlite';
import { median, perSecond } from '../report/figures.js';
import type { Bench } from '../row.js';
import { contactOf } from '../workplace/contacts.js';
import { metadataOf } from '../workplace/events.js';

const BATCH = 100;

interface Batch {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

/** The embedded event store against the same rows inserted by hand, in turns. */
export const append: Bench = {
  name: 'append',
  async measure(workplace) {
    const [rounds, batches] = workplace.quick ? [3, 50] : [7, 300];
    const folder = workplace.folder('append');
    const store = openStore(join(folder, 'store.db'));
    const raw = openRaw(join(folder, 'raw.db'));
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round += 1) {
      const order = Array.from({ length: batches }, batchOf);
      const rates = [await rateOf(order, store.append), await rateOf(order, raw.append)] as const;
      if (round < 0) continue;
      ours.push(rates[0]);
      bare.push(rates[1]);
    }
    await store.close();
    raw.close();
    const ratio = median(ours.map((rate, n) => rate / bare[n]!));
    return [
      {
        what: 'append, embedded, batches of 100',
        figure: `${perSecond(median(ours))} events`,
        limit: `the same rows inserted raw: ${perSecond(median(bare))}`,
        ratio,
        aim: '≥ 0.8',
        met: ratio >= 0.8,
        notes: [
          `Medians of ${rounds} pairs, the ratio being the median of theirs, of ${batches} batches after a warm-up, one batch after the other, each in a stream of its own and on the disk before the next.`,
          'Raw: one prepared INSERT, a transaction per batch, WAL with synchronous=FULL, the same table and index. Both make the JSON; ours checks revisions and keeps heads as well.',
        ],
      },
    ];
  },
};

const batchOf = (): Batch => {
  const metadata = metadataOf(0);
  const events = Array.from({ length: BATCH }, (_, n) => ({
    id: newId(),
    type: 'ContactCreated',
    data: contactOf(n),
    metadata,
  }));
  return { stream: streamName('contact', metadata.tenant, newId()), events };
};

const rateOf = async (order: readonly Batch[], run: (order: readonly Batch[]) => Promise<number>): Promise<number> =>
  (order.length * BATCH * 1_000) / (await run(order));

/** Both answer how many milliseconds it took. */
const openStore = (file: string) => {
  const database = openDatabase({ file, schema: SERVICE_SCHEMA, secureDelete: true });
  const store = new SqliteEventStore(database);
  const append = async (order: readonly Batch[]): Promise<number> => {
    const began = performance.now();
    for (const { stream, events } of order) await store.append(stream, events, 'no-stream');
    return performance.now() - began;
  };
  const close = async (): Promise<void> => {
    await store.close();
    await database.close();
  };
  return { append, close };
};

const openRaw = (file: string) => {
  void openDatabase({ file, schema: SERVICE_SCHEMA, secureDelete: true }).close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000');
  database.exec('PRAGMA mmap_size = 268435456; PRAGMA wal_autocheckpoint = 4000');
  const insert = database.prepare(
    'INSERT INTO events (position, stream, revision, id, type, data, metadata, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')];
  let position = 0;
  const append = async (order: readonly Batch[]): Promise<number> => {
    const began = performance.now();
    for (const { stream, events } of order) {
      begin.run();
      for (const [revision, { id, type, data, metadata }] of events.entries()) {
        position += 1;
        const [said, about] = [JSON.stringify(data), JSON.stringify(metadata)];
        insert.run(position, stream, revision, id, type, said, about, Date.now());
      }
      commit.run();
    }
    return performance.now() - began;
  };
  return { append, close: () => database.close() };
};
