import { type FileId, type FileStore, piecesOf, WrongOffset } from '@rapport/files';
import type { SqliteDatabase } from './database.js';
import { SqliteFileReader } from './sqlite-file-reader.js';

/** One step of a schema. Open the database with `secureDelete`, so that removed files leave no bytes behind. */
export const FILE_STORE_SCHEMA = `
  CREATE TABLE file_pieces (
    tenant TEXT NOT NULL,
    file TEXT NOT NULL,
    offset INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (tenant, file, offset)
  ) STRICT`;

const INSERT = `INSERT INTO file_pieces (tenant, file, offset, bytes) VALUES (?, ?, ?, ?)`;
const DELETE = `DELETE FROM file_pieces WHERE tenant = ? AND file = ?`;
const COUNT_ALL = `SELECT count(DISTINCT file) AS files FROM file_pieces WHERE tenant = ?`;
const DELETE_ALL = `DELETE FROM file_pieces WHERE tenant = ?`;

/** Files as rows of bounded pieces; the database is its owner's and stays open when the store is closed. */
export class SqliteFileStore extends SqliteFileReader implements FileStore {
  constructor(private readonly database: SqliteDatabase) {
    super(database);
  }

  append(file: FileId, offset: number, bytes: Uint8Array): Promise<number> {
    const { tenant, id } = file;
    const copy = Uint8Array.from(bytes);
    return this.database.commit(() => {
      const size = this.sizeNow(file);
      if (offset !== size) throw new WrongOffset(offset, size);
      const insert = this.database.prepare(INSERT);
      let at = offset;
      for (const piece of piecesOf(copy)) {
        insert.run(tenant, id, at, piece);
        at += piece.length;
      }
      return at;
    });
  }

  async remove({ tenant, id }: FileId): Promise<void> {
    await this.database.commit(() => this.database.prepare(DELETE).run(tenant, id));
  }

  async removeTenant(tenant: string): Promise<number> {
    return this.database.commit(() => {
      const counted = this.database.prepare(COUNT_ALL).get(tenant);
      this.database.prepare(DELETE_ALL).run(tenant);
      return Number(counted!['files']);
    });
  }

  async close(): Promise<void> {}
}
