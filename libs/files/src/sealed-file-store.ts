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
  /** Plain and sealed size of files as this process saw them last; others may have added to them since. */
  readonly #sizes = new Map<string, Sizes>();
  readonly #places = new Map<string, Sizes[]>();

  constructor(
    private readonly files: FileStore,
    private readonly keys: KeyStore,
  ) {}

  async append(file: FileId, offset: number, bytes: Uint8Array): Promise<number> {
    const known = this.#sizes.get(nameOf(file));
    const sizes = known?.plain === offset ? known : await this.#sizesOf(file);
    if (offset !== sizes.plain) throw new WrongOffset(offset, sizes.plain);
    if (bytes.length === 0) return offset;
    const sealed = sealedPieces(await this.keys.create(file), file, offset, bytes);
    const end = { plain: offset + bytes.length, sealed: await this.#appended(file, sizes, sealed) };
    this.#sizes.set(nameOf(file), end);
    return end.plain;
  }

  async size(file: FileId): Promise<number> {
    return (await this.#sizesOf(file)).plain;
  }

  /** Bytes that it takes on the disk, without reading them. */
  kept(file: FileId): Promise<number> {
    return this.files.size(file);
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
    this.#places.delete(nameOf(file));
    await this.files.remove(file);
  }

  /** Keeps the keys. */
  async removeTenant(tenant: string): Promise<number> {
    for (const known of [this.#sizes, this.#places])
      for (const name of known.keys()) if (name.startsWith(`${tenant}/`)) known.delete(name);
    return this.files.removeTenant(tenant);
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
    const places = this.#placesOf(file);
    let { plain: offset, sealed } = places.findLast(({ plain }) => plain <= from) ?? NOTHING;
    for await (const piece of storedPieces(this.files.read(file, sealed))) {
      const end = offset + plainLength(piece);
      if (end > from) {
        places.push({ plain: offset, sealed });
        if (places.length > PLACES) places.shift();
        const plain = unseal(key, piece, contextOf(file, offset));
        yield from > offset ? plain.subarray(from - offset) : plain;
      }
      offset = end;
      sealed += piece.length;
    }
  }

  /** Where pieces begin that were read last: who goes on there need not read what lies before. */
  #placesOf(file: FileId): Sizes[] {
    const name = nameOf(file);
    const places = this.#places.get(name) ?? [];
    if (this.#places.size >= FILES_WITH_PLACES) this.#places.clear();
    this.#places.set(name, places);
    return places;
  }

  /** Told in plain bytes when somebody else has added to the file meanwhile. */
  async #appended(file: FileId, { plain, sealed }: Sizes, bytes: Buffer): Promise<number> {
    try {
      return await this.files.append(file, sealed, bytes);
    } catch (error) {
      throw error instanceof WrongOffset ? new WrongOffset(plain, (await this.#sizesOf(file)).plain) : error;
    }
  }

  /** Reads no more than what was added since it looked last. */
  async #sizesOf(file: FileId): Promise<Sizes> {
    const name = nameOf(file);
    const known = this.#sizes.get(name) ?? NOTHING;
    const size = await this.files.size(file);
    if (size === known.sealed) return known;
    const start = size > known.sealed ? known : NOTHING;
    const sizes = await this.#counted(file, start).catch((error: unknown) => {
      // It was removed and begun again, and its pieces are now cut elsewhere.
      if (start !== NOTHING) return this.#counted(file, NOTHING);
      throw error;
    });
    if (sizes.sealed === 0) this.#sizes.delete(name);
    else this.#sizes.set(name, sizes);
    return sizes;
  }

  async #counted(file: FileId, { plain, sealed }: Sizes): Promise<Sizes> {
    for await (const piece of storedPieces(this.files.read(file, sealed))) {
      plain += plainLength(piece);
      sealed += piece.length;
    }
    return { plain, sealed };
  }
}

interface Sizes {
  readonly plain: number;
  readonly sealed: number;
}

const NOTHING: Sizes = { plain: 0, sealed: 0 };

/** More than a reader reads ahead. */
const PLACES = 16;
const FILES_WITH_PLACES = 1_000;

const nameOf = ({ tenant, id }: FileId): string => `${tenant}/${id}`;
const contextOf = (file: FileId, offset: number): string => `${nameOf(file)}@${offset}`;

export const forgotten = (): DomainError =>
  new DomainError(
    'gone',
    'file-forgotten',
    'The file was removed, or forgotten together with a person in it. Upload it again.',
  );

const sealedPieces = (key: SubjectKey, file: FileId, offset: number, bytes: Uint8Array): Buffer => {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PLAIN_BYTES) {
    pieces.push(seal(key, bytes.subarray(at, at + PLAIN_BYTES), contextOf(file, offset + at)));
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
};

/** Cuts the stored bytes into the sealed pieces they were written as; the store may have cut them elsewhere. */
async function* storedPieces(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const bytes of stored) {
    waiting = waiting.length === 0 ? Buffer.from(bytes) : Buffer.concat([waiting, bytes]);
    while (waiting.length >= HEADER_BYTES) {
      const length = HEADER_BYTES + plainLength(waiting);
      if (length > MAX_PIECE_BYTES) throw damaged();
      if (waiting.length < length) break;
      yield waiting.subarray(0, length);
      waiting = waiting.subarray(length);
    }
  }
  if (waiting.length > 0) throw damaged();
}
