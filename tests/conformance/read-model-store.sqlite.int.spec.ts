import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openDatabase,
  openReading,
  READ_MODEL_SCHEMA,
  SqliteReadModelReader,
  SqliteReadModelStore,
} from '@rapport/sqlite';
import type { Collection, Document, ReadModelStore } from '@rapport/read-models';
import { readModelStoreSuite } from '@rapport/read-models/conformance';

const writing = (file: string): ReadModelStore =>
  new SqliteReadModelStore(openDatabase({ file, schema: READ_MODEL_SCHEMA }));

/** Written through one connection, and asked through another. */
const readBeside = (file: string): ReadModelStore => {
  const writer = writing(file);
  const reader = new SqliteReadModelReader(openReading(file, true), () => writer.purge());
  return {
    collection: async (declaration, generation) =>
      askedThrough(await reader.collection(declaration, generation), await writer.collection(declaration, generation)),
    index: (collection) => writer.index(collection),
    write: (batch) => writer.write(batch),
    checkpoint: (follower) => reader.checkpoint(follower),
    activeGeneration: (name) => reader.activeGeneration(name),
    activate: (name, generation) => writer.activate(name, generation),
    drop: (name, generation) => writer.drop(name, generation),
    purge: () => reader.purge(),
    removeTenant: (tenant) => writer.removeTenant(tenant),
    close: async () => {
      await reader.close();
      await writer.close();
    },
  };
};

/** What is written to is the writer's; what is asked is the reader's. */
const askedThrough = <D extends Document>(asked: Collection<D>, written: Collection<D>): Collection<D> => {
  const questions = ['get', 'getMany', 'load', 'query', 'count', 'estimatedCount', 'aggregate'] as const;
  const answers = questions.map((name) => [name, { value: asked[name].bind(asked) as unknown }] as const);
  return Object.create(written, Object.fromEntries(answers)) as Collection<D>;
};

const suite = (name: string, openStore: (file: string) => ReadModelStore): void =>
  readModelStoreSuite(name, {
    features: { durable: true, atomic: true, purge: true, codePointOrder: true },
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'rapport-read-models-'));
      const file = join(folder, 'read.db');
      const store = openStore(file);
      let last = store;
      return {
        store,
        reopen: async () => {
          await store.close();
          return (last = openStore(file));
        },
        files: async () => (await readdir(folder)).map((each) => join(folder, each)),
        dispose: async () => {
          await last.close();
          await rm(folder, { recursive: true });
        },
      };
    },
  });

suite('SQLite', writing);
suite('SQLite, read beside the thread that writes', readBeside);
