import type { FileId, FileStore } from '@rapport/files';
import type { Queries } from './statements.js';

const SIZE = `
  SELECT offset + length(bytes) AS size FROM file_pieces WHERE tenant = ? AND file = ? ORDER BY offset DESC LIMIT 1`;
/** The piece in which an offset lies. */
const PIECE = `
  SELECT offset, bytes FROM file_pieces
  WHERE tenant = ? AND file = ? AND offset <= ? ORDER BY offset DESC LIMIT 1`;

/** What can be asked of files in rows; the database is its owner's. */
export class SqliteFileReader implements Pick<FileStore, 'size' | 'read'> {
  constructor(private readonly queries: Queries) {}

  async size(file: FileId): Promise<number> {
    return this.sizeNow(file);
  }

  sizeNow({ tenant, id }: FileId): number {
    return (this.queries.prepare(SIZE).get(tenant, id)?.['size'] as number | undefined) ?? 0;
  }

  async *read({ tenant, id }: FileId, from = 0): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = from; ;) {
      const row = this.queries.prepare(PIECE).get(tenant, id, at);
      if (row === undefined) return;
      const bytes = row['bytes'] as Uint8Array;
      const skip = at - (row['offset'] as number);
      if (skip >= bytes.length) return;
      yield skip === 0 ? bytes : bytes.subarray(skip);
      at += bytes.length - skip;
    }
  }
}
