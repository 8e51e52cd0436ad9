import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Where reading is all that is wanted of a file: by whoever writes it, or by another thread beside it. */
export interface Queries {
  /** Path of the file, or `:memory:`. */
  readonly file: string;
  /** Prepared once per text. Read with `all` or `get`: an open iterator would hold the write-ahead log back. */
  prepare(sql: string): StatementSync;
}

/** Beyond this many statements the oldest are prepared anew: the texts of queries are made from users' filters. */
const MOST_STATEMENTS = 1_000;

/** The statements of a connection. */
export class Statements {
  readonly #known = new Map<string, StatementSync>();

  constructor(private readonly connection: DatabaseSync) {}

  prepare(sql: string): StatementSync {
    const known = this.#known.get(sql);
    if (known) return known;
    if (this.#known.size >= MOST_STATEMENTS) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    const statement = this.connection.prepare(sql);
    this.#known.set(sql, statement);
    return statement;
  }

  clear(): void {
    this.#known.clear();
  }
}
