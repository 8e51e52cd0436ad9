import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreUnavailable } from '@rapport/event-store';
import type { LogSync } from './log-sync.js';
import { isStorageFailure, sqliteCode, storageProblem } from './storage-problem.js';

interface Item {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Set once the work has run: what to tell its caller after the commit. */
  result?: unknown;
  failure?: { readonly error: unknown };
}

/** Most items in one transaction: bounds how long the event loop stands still. */
const MOST_PER_GROUP = 1_000;
/** Most turns of the event loop that a group is left to grow. */
const MOST_TURNS = 16;

/**
 * Many writers, one fsync: work that arrives while a flush is pending, or while the fsync of the one before is under way,
 * runs in order inside one transaction, and each promise settles once its COMMIT is on the disk.
 *
 * Work checks first and writes then. Work that throws before it wrote is rejected alone. When anything fails after a
 * write (disk full, a constraint, the COMMIT itself), the whole transaction is rolled back, `onRollback` listeners
 * forget what they had cached, and each item runs again in a transaction of its own: the ones that can be kept are
 * kept, the others learn their own error. So work may run twice and must not remember anything across a rollback.
 */
export class GroupCommit {
  #queue: Item[] = [];
  #closed = false;
  /** Settles the group whose fsync is under way. */
  #syncing: Promise<void> | undefined;
  /** An fsync failed: what is on the disk is unknown, so nothing more is written. */
  #broken: StoreUnavailable | undefined;
  /** Why the last transaction could not be written; undefined once one could. */
  #refused: unknown;
  /** When the last one was written, by this process's clock. */
  #writtenAt = -Infinity;
  readonly #log: LogSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #changes: StatementSync;
  readonly #rollbackListeners: (() => void)[] = [];

  constructor(
    private readonly connection: DatabaseSync,
    /** As it is named to whoever calls: where it lies concerns nobody outside. */
    private readonly file: string,
    log: LogSync,
  ) {
    this.#log = log;
    this.#begin = connection.prepare('BEGIN IMMEDIATE');
    this.#commit = connection.prepare('COMMIT');
    this.#rollback = connection.prepare('ROLLBACK');
    this.#changes = connection.prepare('SELECT total_changes() AS changes');
  }

  get isSound(): boolean {
    return this.#broken === undefined;
  }

  /** Why nothing can be written at the moment, as far as that is known. */
  get problem(): unknown {
    return this.#broken ?? this.#refused;
  }

  /** Milliseconds since something was written. */
  get idleFor(): number {
    return performance.now() - this.#writtenAt;
  }

  add<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new StoreUnavailable(`${this.file} is closed.`));
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise<unknown>((resolve, reject) => {
      if (this.#queue.push({ work, resolve, reject }) === 1 && !this.#syncing) this.#schedule();
    }) as Promise<T>;
  }

  /** Runs work in a transaction now. Throws what the work throws, having changed nothing. */
  alone<T>(work: () => T): T {
    if (this.#broken) throw this.#broken;
    if (this.connection.isTransaction) throw new Error('A transaction is under way: this work belongs into it.');
    try {
      this.#begin.run();
      const result = work();
      this.#commit.run();
      this.#log.syncNow();
      this.#written();
      return result;
    } catch (error) {
      this.#undo();
      throw this.#noted(error);
    }
  }

  onRollback(listener: () => void): void {
    this.#rollbackListeners.push(listener);
  }

  /** Writes what is waiting; what comes later is refused. */
  async drain(): Promise<void> {
    this.#closed = true;
    while (this.#queue.length > 0 || this.#syncing) {
      if (!this.#syncing) this.#flush();
      await this.#syncing;
    }
    this.#log.close();
  }

  readonly #flush = (): void => {
    if (this.#syncing) return;
    const group = this.#queue.splice(0, MOST_PER_GROUP);
    if (group.length === 0) return;
    if (this.#queue.length > 0) setImmediate(this.#flush);
    try {
      this.#begin.run();
    } catch (error) {
      const problem = this.#noted(error);
      for (const item of group) item.reject(problem);
      return;
    }
    if (this.#runTogether(group)) {
      this.#syncing = this.#acknowledge(group);
    } else {
      for (const item of group) this.#runAlone(item);
    }
  };

  /** The next group is written after this one's callers have been told, so that they are told in order. */
  async #acknowledge(group: readonly Item[]): Promise<void> {
    try {
      await this.#log.sync();
      this.#written();
      for (const item of group) settle(item);
    } catch (cause) {
      this.#broken = new StoreUnavailable(
        `The disk failed while ${this.file} was written. Check it, then restart.`,
        cause,
      );
      // Before anybody hears of it: what was not acknowledged must not be shown to anybody else either.
      for (const forget of this.#rollbackListeners) forget();
      for (const item of [...group, ...this.#queue.splice(0)]) item.reject(this.#broken);
    }
    this.#syncing = undefined;
    if (this.#queue.length > 0) this.#schedule();
  }

  /** A group is written as soon as a turn of the event loop has brought nobody else. */
  #schedule(turns = 0, gathered = 0): void {
    setImmediate(() => {
      const { length } = this.#queue;
      if (length > gathered && length < MOST_PER_GROUP && turns < MOST_TURNS) this.#schedule(turns + 1, length);
      else this.#flush();
    });
  }

  /** False when all of it was rolled back. */
  #runTogether(group: readonly Item[]): boolean {
    try {
      for (const item of group) this.#run(item);
      this.#commit.run();
      return true;
    } catch {
      this.#undo();
      return false;
    }
  }

  #run(item: Item): void {
    const before = this.#changed();
    try {
      item.result = item.work();
    } catch (error) {
      if (sqliteCode(error) !== undefined || this.#changed() !== before) throw error;
      item.failure = { error };
    }
  }

  #runAlone(item: Item): void {
    try {
      item.resolve(this.alone(item.work));
    } catch (error) {
      item.reject(error);
    }
  }

  #written(): void {
    this.#refused = undefined;
    this.#writtenAt = performance.now();
  }

  /** In words; a disk that refuses what it is given is remembered. */
  #noted(error: unknown): unknown {
    const problem = storageProblem(error, this.file);
    if (isStorageFailure(error)) this.#refused = problem;
    return problem;
  }

  #changed(): unknown {
    return this.#changes.get()?.['changes'];
  }

  #undo(): void {
    if (this.connection.isTransaction) this.#rollback.run();
    for (const forget of this.#rollbackListeners) forget();
  }
}

const settle = (item: Item): void => {
  if (item.failure) item.reject(item.failure.error);
  else item.resolve(item.result);
};
