import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Statements, type Queries } from './statements.js';
import { storageProblem } from './storage-problem.js';

/** A moment in which the writer empties the log: readers wait for it. */
const PATIENCE_MILLISECONDS = 5_000;
/** Of a file, from its beginning, what is read where the operating system has it instead of being copied; the rest is read as ever. */
const MAPPED_BYTES = 2 ** 31 - 2 ** 16;

/**
 * A connection that only reads a file which another thread of this process, or another process, has opened and brought up to
 * date. What that one commits is seen from the next statement on, also before it has been brought onto the disk.
 */
export class SqliteReading implements Queries {
  readonly #statements: Statements;

  constructor(
    private readonly connection: DatabaseSync,
    readonly file: string,
  ) {
    this.#statements = new Statements(connection);
  }

  prepare(sql: string): StatementSync {
    return this.#statements.prepare(sql);
  }

  close(): void {
    if (!this.connection.isOpen) return;
    this.#statements.clear();
    this.connection.close();
  }
}

/**
 * @param mapped for files that are looked through from end to end, and can be made again: where the disk cannot give a page
 * back, the process ends
 * @throws DomainError `storage-corrupt`; StoreUnavailable where there is no such file, or it cannot be read
 */
export const openReading = (file: string, mapped = false): SqliteReading => {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { readOnly: true, timeout: PATIENCE_MILLISECONDS });
    connection.exec(
      `PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000; PRAGMA mmap_size = ${mapped ? MAPPED_BYTES : 0}`,
    );
    return new SqliteReading(connection, file);
  } catch (error) {
    connection?.close();
    throw storageProblem(error, file);
  }
};
