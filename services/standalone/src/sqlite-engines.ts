import { basename } from 'node:path';
import { takeOverBooks } from '@rapport/event-store';
import { SealedFileStore } from '@rapport/files';
import type { Clock } from '@rapport/kernel';
import type { Logger, Telemetry } from '@rapport/observability';
import type { CachedKeyStore } from '@rapport/privacy';
import { type Exchange, soleOwnership, type Ticks } from '@rapport/processing';
import type { Dependency, Engines, LostKeys } from '@rapport/service-kit';
import {
  booksInViews,
  EVENTS_SCHEMA,
  openDatabase,
  SqliteBookkeeping,
  type SqliteDatabase,
  SqliteEventStore,
  SqliteFileStore,
  SqliteReadModelStore,
  VIEWS_SCHEMA,
} from '@rapport/sqlite';

export interface SharedEngines {
  readonly exchange: Exchange;
  readonly epoch: number;
  /** Of all contexts. */
  readonly keys: CachedKeyStore;
  /** The file that they lie in. */
  readonly keyFile: () => Dependency;
  readonly clock: Clock;
  readonly ticks: Ticks;
  readonly lostKeys: LostKeys;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

/** Whether a file can be written to; without facts and keys nothing can be stored. */
export const dependencyOn = (database: SqliteDatabase, needed: boolean): Dependency => {
  const problem = database.problem();
  const name = basename(database.file);
  return {
    name,
    needed,
    ready: problem === undefined,
    ...(problem instanceof Error ? { detail: problem.message } : {}),
  };
};

/** A file of facts that say nothing about people. */
export const openFacts = (file: string): { readonly events: SqliteEventStore; close(): Promise<void> } => {
  const facts = openDatabase({ file, schema: EVENTS_SCHEMA });
  const events = new SqliteEventStore(facts);
  const close = async (): Promise<void> => {
    await events.close();
    await facts.close();
  };
  return { events, close };
};

export interface ServiceFiles {
  readonly engines: Engines;
  close(): Promise<void>;
}

/**
 * One service's engines in two SQLite files, facts (`<path>.db`) and what is derived (`-views.db`), and the keyring that all
 * share. A copy of the facts alone tells nothing about people, and a destroyed key empties every copy.
 */
export const openServiceFiles = async (path: string, context: string, shared: SharedEngines): Promise<ServiceFiles> => {
  const { epoch, exchange, keyFile, keys, lostKeys, clock, ticks, logger, telemetry } = shared;
  const facts = openDatabase({ file: `${path}.db`, schema: EVENTS_SCHEMA, secureDelete: true });
  const views = openDatabase({ file: `${path}-views.db`, schema: VIEWS_SCHEMA, secureDelete: true, derived: true });
  const events = new SqliteEventStore(facts);
  const books = new SqliteBookkeeping(facts);
  await takeOverBooks(books, async () => booksInViews(views));
  const engines: Engines = {
    events,
    books,
    keys,
    lostKeys,
    readModels: new SqliteReadModelStore(views),
    exchange,
    epoch,
    files: new SealedFileStore(new SqliteFileStore(facts), keys),
    ownership: soleOwnership(),
    dependencies: async () => [dependencyOn(facts, true), keyFile(), dependencyOn(views, false)],
    clock,
    ticks,
    logger: logger.with({ service: context }),
    telemetry,
  };
  const close = async (): Promise<void> => {
    await events.close();
    await Promise.all([facts, views].map((file) => file.close()));
  };
  return { engines, close };
};
