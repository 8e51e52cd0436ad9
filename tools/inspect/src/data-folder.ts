import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { DomainError } from '@rapport/kernel';

export type Row = Readonly<Record<string, string | number | null>>;

/** One file of a data folder with what lies beside it, opened for reading only: nothing is migrated, nothing written. */
export class DataFile {
  private constructor(
    /** `contacts` */
    readonly name: string,
    private readonly connection: DatabaseSync,
  ) {}

  /** A service's views, in a file of their own beside its facts, and the keys of all services are read as if they lay in this one. */
  static open(file: string): DataFile {
    try {
      const connection = new DatabaseSync(addressOf(file), { readOnly: true, timeout: 5_000 });
      attach(connection, join(dirname(file), 'keys.db'), 'keys');
      attach(connection, file.replace(/\.db$/, '-views.db'), 'views');
      return new DataFile(basename(file, '.db'), connection);
    } catch (error) {
      throw new DomainError('unavailable', 'file-unreadable', `${file} cannot be read: ${(error as Error).message}.`);
    }
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.connection.prepare(sql).all(...values) as unknown as readonly Row[];
  }

  one(sql: string, ...values: readonly SQLInputValue[]): Row {
    return this.all(sql, ...values)[0] ?? {};
  }

  has(table: string): boolean {
    const databases = this.all('SELECT name FROM pragma_database_list').map(({ name }) => name as string);
    return databases.some(
      (name) => this.all(`SELECT 1 AS here FROM "${name}".sqlite_schema WHERE name = ?`, table).length > 0,
    );
  }

  /** One look at the file as it is at this moment, whatever a running server writes meanwhile. */
  atOnce<T>(look: () => T): T {
    this.connection.exec('BEGIN');
    try {
      return look();
    } finally {
      this.connection.exec('ROLLBACK');
    }
  }

  close(): void {
    this.connection.close();
  }
}

/** Files of an installation: one per service with its events. */
export interface DataFolder {
  readonly services: readonly DataFile[];
  /** Where it is, unless it is kept elsewhere. */
  readonly masterKeyFile: string;
  close(): void;
}

/** @param only the one service to look at */
export const openDataFolder = (folder: string, only?: string): DataFolder => {
  if (!existsSync(folder)) throw nothingThere(`There is no folder ${folder}.`);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.db') && !/^keys\.db$|-(keys|views)\.db$/.test(name))
    .sort()
    .map((name) => DataFile.open(join(folder, name)));
  const services = files.filter((file) => file.has('events'));
  const chosen = services.filter(({ name }) => only === undefined || name === only);
  if (files.length === 0) throw nothingThere(`${folder} has no .db files.`);
  if (chosen.length === 0 && only !== undefined) {
    throw nothingThere(`${folder} has no service "${only}"; it has ${services.map(({ name }) => name).join(', ')}.`);
  }
  return {
    services: chosen,
    masterKeyFile: join(folder, 'master.key'),
    close: () => files.forEach((file) => file.close()),
  };
};

const attach = (connection: DatabaseSync, file: string, name: string): void => {
  if (existsSync(file)) connection.prepare(`ATTACH ? AS ${name}`).run(String(addressOf(file)));
};

/**
 * A file without a write-ahead log belongs to a stopped server. Opened for reading alone, SQLite would still make the
 * log's files beside it; as one that does not change it is read as it lies.
 */
const addressOf = (file: string): string | URL => {
  if (existsSync(`${file}-wal`)) return file;
  const address = pathToFileURL(file);
  address.searchParams.set('immutable', '1');
  return address;
};

const nothingThere = (what: string): DomainError =>
  new DomainError(
    'not-found',
    'no-data',
    `${what} Name the data folder with --data or RAPPORT_DATA, or start the server once.`,
  );
