import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@rapport/event-store';
import { eventStoreSuite } from '@rapport/event-store/conformance';
import { openDatabase, openReading, SERVICE_SCHEMA, SqliteEventReader, SqliteEventStore } from '@rapport/sqlite';

interface Running {
  readonly store: EventStore;
  stop(): Promise<void>;
}

const writing = (file: string): Running & { readonly store: SqliteEventStore } => {
  const database = openDatabase({ file, schema: SERVICE_SCHEMA });
  const store = new SqliteEventStore(database);
  const stop = async (): Promise<void> => {
    await store.close();
    await database.close();
  };
  return { store, stop };
};

/** Appended to through one connection, and read through another that is told what is on the disk. */
const readBeside = async (file: string): Promise<Running> => {
  const { store: writer, stop } = writing(file);
  const reading = openReading(file);
  const reader = new SqliteEventReader(reading, await writer.end());
  writer.onDurable((position) => reader.advance(position));
  const store: EventStore = {
    append: (...given) => writer.append(...given),
    read: (...given) => reader.read(...given),
    follow: (options) => reader.follow(options),
    end: () => reader.end(),
    lacks: (position) => reader.lacks(position),
    removeTenant: (...given) => writer.removeTenant(...given),
    close: () => reader.close(),
  };
  const stopBoth = async (): Promise<void> => {
    await reader.close();
    reading.close();
    await stop();
  };
  return { store, stop: stopBoth };
};

const suite = (name: string, start: (file: string) => Running | Promise<Running>): void =>
  eventStoreSuite(name, {
    features: { idempotentAny: false, removedAreFollowed: false, restart: true },
    async open() {
      const folder = await mkdtemp(join(tmpdir(), 'rapport-events-'));
      const file = join(folder, 'events.db');
      let running = await start(file);
      return {
        store: running.store,
        async reopen() {
          await running.stop();
          running = await start(file);
          return running.store;
        },
        async close() {
          await running.stop();
          await rm(folder, { recursive: true });
        },
      };
    },
  });

suite('SQLite', writing);
suite('SQLite, read beside the thread that writes', readBeside);
