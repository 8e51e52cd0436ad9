import { type FileId, type FileStore, piecesOf, WrongOffset } from './file-store.js';

/** For tests: nothing is kept over a restart. */
export class InMemoryFileStore implements FileStore {
  readonly #files = new Map<string, { size: number; readonly pieces: Uint8Array[] }>();

  async append(file: FileId, offset: number, bytes: Uint8Array): Promise<number> {
    const name = nameOf(file);
    const known = this.#files.get(name) ?? { size: 0, pieces: [] };
    if (offset !== known.size) throw new WrongOffset(offset, known.size);
    for (const piece of piecesOf(bytes)) known.pieces.push(Uint8Array.from(piece));
    known.size += bytes.length;
    if (known.size > 0) this.#files.set(name, known);
    return known.size;
  }

  async size(file: FileId): Promise<number> {
    return this.#files.get(nameOf(file))?.size ?? 0;
  }

  async *read(file: FileId, from = 0): AsyncGenerator<Uint8Array, void, undefined> {
    let skip = from;
    for (const piece of this.#files.get(nameOf(file))?.pieces ?? []) {
      if (skip < piece.length) yield Uint8Array.from(piece.subarray(skip));
      skip = Math.max(0, skip - piece.length);
    }
  }

  async remove(file: FileId): Promise<void> {
    this.#files.delete(nameOf(file));
  }

  async removeTenant(tenant: string): Promise<number> {
    const theirs = [...this.#files.keys()].filter((name) => name.startsWith(`${tenant}/`));
    for (const name of theirs) this.#files.delete(name);
    return theirs.length;
  }

  async close(): Promise<void> {}
}

const nameOf = ({ tenant, id }: FileId): string => `${tenant}/${id}`;
