import { DomainError } from '@rapport/kernel';
import type { KeyStore, SubjectKey } from '@rapport/privacy';
import { type FileId, type FileStore, MAX_PIECE_BYTES, WrongOffset } from './file-store.js';
import { damaged, HEADER_BYTES, plainLength, seal, unseal } from './sealed-piece.js';

/** Plain bytes of one sealed piece, so that with its header it is one piece of the store underneath. */
const PLAIN_BYTES = MAX_PIECE_BYTES - HEADER_BYTES;

/**
 * A file store that never lets a plain byte through: every piece is sealed (AES-256-GCM) with the key of the subject
 * {tenant, id of the file}. {@link forget} destroys the key: from then on the file is gone, wherever copies of it are.
 */
export class SealedFileStore implements FileStore {
  /** Plain and sealed size of files seen by this process; the place of the next piece. */
  readonly #sizes = new Map<string, Sizes>();

  constructor(
    private readonly files: FileStore,
    private readonly keys: KeyStore,
  ) {}

  async append(file: FileId, offset: number, bytes: Uint8Array): Promise<number> {
    let { plain, sealed } = await this.#sizesOf(file);
    if (offset !== plain) throw new WrongOffset(offset, plain);
    if (bytes.length === 0) return plain;
    const key = await this.keys.create(file);
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += PLAIN_BYTES) {
      pieces.push(seal(key, bytes.subarray(at, at + PLAIN_BYTES), contextOf(file, offset + at)));
    }
    const all = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    this.#sizes.delete(nameOf(file));
    sealed = await this.files.append(file, sealed, all);
    plain += bytes.length;
    this.#sizes.set(nameOf(file), { plain, sealed });
    return plain;
  }

  async size(file: FileId): Promise<number> {
    return (await this.#sizesOf(file)).plain;
  }

  async *read(file: FileId, from = 0): AsyncGenerator<Uint8Array, void, undefined> {
    const key = await this.keys.find(file);
    if (key === 'destroyed') throw forgotten();
    if (key === undefined) return;
    yield* this.#open(file, key, from);
  }

  /** Removes the bytes and keeps the key. */
  async remove(file: FileId): Promise<void> {
    this.#sizes.delete(nameOf(file));
    await this.files.remove(file);
  }

  /** Destroys the key, then removes the bytes. Reading and appending are refused with `file-forgotten` afterwards. */
  async forget(file: FileId, at: string): Promise<void> {
    await this.keys.destroy(file, at);
    await this.remove(file);
  }

  close(): Promise<void> {
    return this.files.close();
  }

  async *#open(file: FileId, key: SubjectKey, from: number): AsyncGenerator<Uint8Array, void, undefined> {
    let offset = 0;
    for await (const piece of sealedPieces(this.files.read(file))) {
      const end = offset + plainLength(piece);
      if (end > from) {
        const plain = unseal(key, piece, contextOf(file, offset));
        yield from > offset ? plain.subarray(from - offset) : plain;
      }
      offset = end;
    }
  }

  async #sizesOf(file: FileId): Promise<Sizes> {
    const known = this.#sizes.get(nameOf(file));
    if (known) return known;
    const sizes = { plain: 0, sealed: 0 };
    for await (const piece of sealedPieces(this.files.read(file))) {
      sizes.plain += plainLength(piece);
      sizes.sealed += piece.length;
    }
    return sizes;
  }
}

interface Sizes {
  readonly plain: number;
  readonly sealed: number;
}

const nameOf = ({ tenant, id }: FileId): string => `${tenant}/${id}`;
const contextOf = (file: FileId, offset: number): string => `${nameOf(file)}@${offset}`;

export const forgotten = (): DomainError =>
  new DomainError('gone', 'file-forgotten', 'The file was forgotten together with the people in it. Upload it again.');

/** Cuts the stored bytes into the sealed pieces they were written as; the store may have cut them elsewhere. */
async function* sealedPieces(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const bytes of stored) {
    waiting = waiting.length === 0 ? Buffer.from(bytes) : Buffer.concat([waiting, bytes]);
    while (waiting.length >= HEADER_BYTES) {
      const length = HEADER_BYTES + plainLength(waiting);
      if (waiting.length < length) break;
      yield waiting.subarray(0, length);
      waiting = waiting.subarray(length);
    }
  }
  if (waiting.length > 0) throw damaged();
}
