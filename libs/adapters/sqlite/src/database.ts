import { accessSync, constants, statfsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { DomainError } from '@rapport/kernel';
import { StoreUnavailable } from '@rapport/event-store';
import { GroupCommit } from './group-commit.js';
import { LogSync } from './log-sync.js';
import { Statements, type Queries } from './statements.js';
import { storageProblem } from './storage-problem.js';

export interface DatabaseOptions {
  /** Path of the file, made if missing (its folder is not), or `:memory:`. */
  readonly file: string;
  /** Step n brings a file of version n to version n + 1. Only ever append: files in the field have run the others. */
  readonly schema: readonly string[];
  /** Overwrite what is deleted with zeros. Default false. */
  readonly secureDelete?: boolean;
  /**
   * What it holds can be made again, so no commit waits for the disk: a power failure may take the last ones, together with
   * the checkpoints that lie in the same file, but never the file's soundness. Default false.
   */
  readonly derived?: boolean;
  /** How the log comes onto the disk; tests give one that fails. */
  readonly log?: LogSync;
}

/** A disk that took something so recently is believed to take more. */
const ASK_AFTER_MILLISECONDS = 5_000;
const ROOM_BYTES = 2 ** 20;
/** How long a statement waits for a lock. */
const BUSY_MILLISECONDS = 5_000;
/** How long an emptied log is worth waiting for. */
const READERS_MILLISECONDS = 5_000;
const ASK_AGAIN_MILLISECONDS = 10;

/**
 * One SQLite file (WAL, an fsync per group of commits), shared by the adapters of one service so that one fsync serves all.
 * This process is its only writer; others may read. Get one from {@link openDatabase}.
 */
export class SqliteDatabase implements Queries {
  readonly #statements: Statements;
  readonly #writes: GroupCommit;

  constructor(
    private readonly connection: DatabaseSync,
    readonly file: string,
    log: LogSync,
  ) {
    this.#statements = new Statements(connection);
    this.#writes = new GroupCommit(connection, basename(file), log);
  }

  prepare(sql: string): StatementSync {
    return this.#statements.prepare(sql);
  }

  /**
   * Runs synchronous work in a transaction shared with what else arrives now and resolves once it is on the disk.
   * Check first, write then: work that throws before writing is rejected alone. Work may run twice, see {@link GroupCommit}.
   * @throws StorageFull | StoreUnavailable | whatever the work throws; in each case it changed nothing
   */
  commit<T>(work: () => T): Promise<T> {
    return this.#writes.add(work);
  }

  /** Runs work in a transaction of its own, at once. For start-up: it blocks the process for a whole fsync. */
  transaction<T>(work: () => T): T {
    return this.#writes.alone(work);
  }

  /** False once the disk has failed to keep what was written: what of it is there is not known. */
  get isSound(): boolean {
    return this.#writes.isSound;
  }

  /**
   * Why nothing can be written at the moment; undefined when all is well. Where nothing was written for a while, or the disk
   * refused the last write, it is asked by a write that changes nothing.
   */
  problem(): unknown {
    const { problem, idleFor } = this.#writes;
    const isKnown = problem === undefined ? idleFor < ASK_AFTER_MILLISECONDS : !this.#hasRoom();
    if (isKnown || !this.connection.isOpen) return problem;
    try {
      this.transaction(() => this.connection.exec(`PRAGMA user_version = ${versionOf(this.connection)}`));
    } catch (failure) {
      return this.#writes.problem ?? failure;
    }
    return this.#writes.problem;
  }

  /** Called whenever a transaction was undone: forget what its work put into memory. */
  onRollback(listener: () => void): void {
    this.#writes.onRollback(listener);
  }

  /**
   * Moves the write-ahead log into the file and empties it: nothing deleted can be read from the log any more. Waits for others
   * who are reading the file.
   * @throws StoreUnavailable they read on for too long
   */
  async truncateLog(): Promise<void> {
    for (const began = performance.now(); !this.#emptiesLog(); await pause(ASK_AGAIN_MILLISECONDS)) {
      if (performance.now() - began < READERS_MILLISECONDS) continue;
      throw new StoreUnavailable(
        `Another process is reading ${basename(this.file)}, so its log cannot be emptied. Stop it and repeat.`,
      );
    }
  }

  /** False where somebody is reading. To wait for that in here would hold the whole thread up. */
  #emptiesLog(): boolean {
    this.connection.exec('PRAGMA busy_timeout = 0');
    try {
      return this.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
    } finally {
      this.connection.exec(`PRAGMA busy_timeout = ${BUSY_MILLISECONDS}`);
    }
  }

  /** What asks the disk is smaller than what it has refused. */
  #hasRoom(): boolean {
    if (this.file === ':memory:') return true;
    const { bavail, bsize } = statfsSync(dirname(this.file));
    return bavail * bsize >= ROOM_BYTES;
  }

  /** Commits what is waiting, refuses what comes later, closes the file. */
  async close(): Promise<void> {
    if (!this.connection.isOpen) return;
    await this.#writes.drain();
    if (!this.connection.isOpen) return;
    this.#statements.clear();
    this.connection.close();
  }
}

/**
 * Opens a file and brings it to the schema's version.
 * @throws DomainError `storage-corrupt` | `storage-newer`: the file is left untouched
 * @throws StoreUnavailable the folder is missing or not writable
 */
export const openDatabase = ({
  file,
  schema,
  secureDelete = false,
  derived = false,
  log = new LogSync(derived || file === ':memory:' ? undefined : file),
}: DatabaseOptions): SqliteDatabase => {
  if (file !== ':memory:') checkFolder(file);
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { timeout: BUSY_MILLISECONDS, enableForeignKeyConstraints: false });
    const version = versionOf(connection);
    if (version > schema.length) throw newerFile(file, version, schema.length);
    configure(connection, secureDelete, derived);
    const database = new SqliteDatabase(connection, file, log);
    migrate(connection, database, schema.slice(version), version);
    return database;
  } catch (error) {
    connection?.close();
    throw storageProblem(error, file);
  }
};

const checkFolder = (file: string): void => {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StoreUnavailable(
      `The folder of ${file} is missing or not writable. Make it, or choose another data folder.`,
      error,
    );
  }
};

/** Read before anything else: setting WAL would already write to the file. */
const versionOf = (connection: DatabaseSync): number => {
  connection.prepare('SELECT count(*) FROM sqlite_schema').get();
  return Number(connection.prepare('PRAGMA user_version').get()?.['user_version']);
};

const newerFile = (file: string, found: number, known: number): DomainError =>
  new DomainError(
    'internal',
    'storage-newer',
    `${file} has version ${found}; this program knows versions up to ${known}. Start the newer program that wrote it, ` +
      'or restore the backup from before the upgrade.',
  );

/** Facts and keys are added at the end and need few pages; views are changed all over. */
const configure = (connection: DatabaseSync, secureDelete: boolean, derived: boolean): void =>
  connection.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA secure_delete = ${secureDelete ? 'ON' : 'OFF'};
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${derived ? 16_000 : 4_000};
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA journal_size_limit = 33554432;
  `);

const migrate = (connection: DatabaseSync, database: SqliteDatabase, steps: readonly string[], from: number): void =>
  steps.forEach((sql, n) =>
    database.transaction(() => {
      connection.exec(sql);
      connection.exec(`PRAGMA user_version = ${from + n + 1}`);
    }),
  );
