import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Statements, type Queries } from './statements.js';
import { storageProblem } from './storage-problem.js';

/** A moment in which the writer empties the log: readers wait for it. */
const PATIENCE_MILLISECONDS = 5_000;

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

/** @throws DomainError `storage-corrupt`; StoreUnavailable where there is no such file, or it cannot be read */
export const openReading = (file: string, cacheKibibytes = 4_000): SqliteReading => {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { readOnly: true, timeout: PATIENCE_MILLISECONDS });
    connection.exec(`PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${cacheKibibytes}`);
    return new SqliteReading(connection, file);
  } catch (error) {
    connection?.close();
    throw storageProblem(error, file);
  }
};
