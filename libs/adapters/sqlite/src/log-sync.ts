import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';

/**
 * Brings the write-ahead log onto the disk without holding up the event loop. SQLite itself runs with
 * `synchronous=NORMAL`: it writes the log at each COMMIT and leaves the fsync to us, who acknowledge nothing before it.
 * That is the durability of FULL, minus the standing still.
 */
export class LogSync {
  #log: number | undefined;

  /** `file` is the database's; undefined where nothing has to be brought onto the disk. */
  constructor(private readonly file: string | undefined) {}

  /** Resolves once everything committed before the call is on the disk. */
  sync(): Promise<void> {
    const log = this.#open();
    if (log === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => fdatasync(log, (error) => (error ? reject(error) : resolve())));
  }

  syncNow(): void {
    const log = this.#open();
    if (log !== undefined) fdatasyncSync(log);
  }

  close(): void {
    if (this.#log !== undefined) closeSync(this.#log);
    this.#log = undefined;
  }

  /** The log is made by the first commit and stays the same file until the database is closed. */
  #open(): number | undefined {
    if (this.file === undefined) return undefined;
    return (this.#log ??= openSync(`${this.file}-wal`, 'r+'));
  }
}
