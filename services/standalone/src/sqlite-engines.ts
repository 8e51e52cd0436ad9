import { basename } from 'node:path';
import type { CommandExchange } from '@rapport/commands';
import { type Bookkeeping, takeOverBooks } from '@rapport/event-store';
import { SealedFileStore } from '@rapport/files';
import type { Clock, Calendar } from '@rapport/kernel';
import type { Mail } from '@rapport/mail';
import type { Logger, Telemetry } from '@rapport/observability';
import type { CachedKeyStore } from '@rapport/privacy';
import { type Exchange, keepFactsIn, keepViewsIn, soleOwnership, type Ticks } from '@rapport/processing';
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
  readonly commands: CommandExchange;
  readonly epoch: number;
  /** That all files belong to. */
  readonly region: string | null;
  /** Of all contexts. */
  readonly keys: CachedKeyStore;
  /** The file that they lie in. */
  readonly keyFile: () => Dependency;
  readonly clock: Clock;
  readonly calendar?: Calendar;
  readonly mail?: Mail;
  readonly publicUrl?: string;
  readonly deletionWait?: number;
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
export const openFacts = (file: string): Pick<FactsFile, 'events' | 'books' | 'close'> => {
  const facts = openDatabase({ file, schema: EVENTS_SCHEMA });
  const events = new SqliteEventStore(facts);
  const close = async (): Promise<void> => {
    await events.close();
    await facts.close();
  };
  return { events, books: new SqliteBookkeeping(facts), close };
};

/** What a context has stored, in `<path>.db`. */
export interface FactsFile {
  readonly events: SqliteEventStore;
  readonly books: SqliteBookkeeping;
  /** As they lie on the disk, sealed. */
  readonly files: SqliteFileStore;
  readonly dependency: () => Dependency;
  close(): Promise<void>;
}

/** @throws DomainError `other-region` */
export const openFactsFile = async (path: string, region: string | null): Promise<FactsFile> => {
  const facts = openDatabase({ file: factsOf(path), schema: EVENTS_SCHEMA, secureDelete: true });
  const events = new SqliteEventStore(facts);
  const close = async (): Promise<void> => {
    await events.close();
    await facts.close();
  };
  const books = new SqliteBookkeeping(facts);
  try {
    await keepFactsIn(region, `The file ${factsOf(path)}`, books);
  } catch (failure) {
    await close();
    throw failure;
  }
  return { events, books, files: new SqliteFileStore(facts), dependency: () => dependencyOn(facts, true), close };
};

export interface ViewsFile {
  readonly readModels: SqliteReadModelStore;
  readonly dependency: () => Dependency;
  close(): Promise<void>;
}

/** What is derived from the facts, in `<path>-views.db`. The books that once lay there are taken over. */
export const openViewsFile = async (path: string, books: Bookkeeping, region: string | null): Promise<ViewsFile> => {
  const views = openDatabase({ file: viewsOf(path), schema: VIEWS_SCHEMA, secureDelete: true, derived: true });
  await takeOverBooks(books, async () => booksInViews(views));
  const readModels = new SqliteReadModelStore(views);
  try {
    await keepViewsIn(region, `The file ${viewsOf(path)}`, readModels);
  } catch (failure) {
    await views.close();
    throw failure;
  }
  return { readModels, dependency: () => dependencyOn(views, false), close: () => views.close() };
};

export const factsOf = (path: string): string => `${path}.db`;
export const viewsOf = (path: string): string => `${path}-views.db`;

export interface ServiceFiles {
  readonly engines: Engines;
  close(): Promise<void>;
}

/**
 * One service's engines in two SQLite files, facts (`<path>.db`) and what is derived (`-views.db`), and the keyring that all
 * share. A copy of the facts alone tells nothing about people, and a destroyed key empties every copy.
 */
export const openServiceFiles = async (path: string, context: string, shared: SharedEngines): Promise<ServiceFiles> => {
  const { commands, epoch, exchange, keyFile, keys, lostKeys, clock, calendar, mail, publicUrl } = shared;
  const { deletionWait, ticks, logger, telemetry } = shared;
  const facts = await openFactsFile(path, shared.region);
  const { books, events, files } = facts;
  const views = await openViewsFile(path, books, shared.region);
  const engines: Engines = {
    events,
    books,
    keys,
    lostKeys,
    readModels: views.readModels,
    exchange,
    commands,
    epoch,
    files: new SealedFileStore(files, keys),
    ownership: soleOwnership(),
    dependencies: async () => [facts.dependency(), keyFile(), views.dependency()],
    clock,
    ...(calendar ? { calendar } : {}),
    ...(mail ? { mail } : {}),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(deletionWait === undefined ? {} : { deletionWait }),
    ticks,
    logger: logger.with({ service: context }),
    telemetry,
  };
  const close = async (): Promise<void> => void (await Promise.all([facts, views].map((file) => file.close())));
  return { engines, close };
};
