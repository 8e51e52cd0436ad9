import { type FileId, type FileStore, piecesOf, WrongOffset } from '@rapport/files';
import type { SqliteDatabase } from './database.js';

/** One step of a schema. Open the database with `secureDelete`, so that removed files leave no bytes behind. */
export const FILE_STORE_SCHEMA = `
  CREATE TABLE file_pieces (
    tenant TEXT NOT NULL,
    file TEXT NOT NULL,
    offset INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (tenant, file, offset)
  ) STRICT`;

const SIZE = `
  SELECT offset + length(bytes) AS size FROM file_pieces WHERE tenant = ? AND file = ? ORDER BY offset DESC LIMIT 1`;
const INSERT = `INSERT INTO file_pieces (tenant, file, offset, bytes) VALUES (?, ?, ?, ?)`;
/** The piece in which an offset lies. */
const PIECE = `
  SELECT offset, bytes FROM file_pieces
  WHERE tenant = ? AND file = ? AND offset <= ? ORDER BY offset DESC LIMIT 1`;
const DELETE = `DELETE FROM file_pieces WHERE tenant = ? AND file = ?`;

/** Files as rows of bounded pieces; the database is its owner's and stays open when the store is closed. */
export class SqliteFileStore implements FileStore {
  constructor(private readonly database: SqliteDatabase) {}

  append({ tenant, id }: FileId, offset: number, bytes: Uint8Array): Promise<number> {
    const copy = Uint8Array.from(bytes);
    return this.database.commit(() => {
      const size = this.#size(tenant, id);
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

  async size({ tenant, id }: FileId): Promise<number> {
    return this.#size(tenant, id);
  }

  async *read({ tenant, id }: FileId, from = 0): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = from; ;) {
      const row = this.database.prepare(PIECE).get(tenant, id, at);
      if (row === undefined) return;
      const bytes = row['bytes'] as Uint8Array;
      const skip = at - (row['offset'] as number);
      if (skip >= bytes.length) return;
      yield skip === 0 ? bytes : bytes.subarray(skip);
      at += bytes.length - skip;
    }
  }

  async remove({ tenant, id }: FileId): Promise<void> {
    await this.database.commit(() => this.database.prepare(DELETE).run(tenant, id));
  }

  async close(): Promise<void> {}

  #size(tenant: string, id: string): number {
    return (this.database.prepare(SIZE).get(tenant, id)?.['size'] as number | undefined) ?? 0;
  }
}
