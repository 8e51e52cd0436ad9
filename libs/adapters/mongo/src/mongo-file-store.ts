import { type FileId, type FileStore, piecesOf, WrongOffset } from '@rapport/files';
import type { mongo } from 'mongoose';
import { isDuplicateKey } from './database-problem.js';
import type { MongoConnection } from './mongo-connection.js';

/** What was appended at once. Pieces of a file follow each other without a gap. */
interface PieceDocument {
  /** `<tenant>/<file>/<from>`: unique, so of two writers at the same place one wins; in order, so it finds places too. */
  readonly _id: string;
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
}

/** A document holds 16 MiB at most. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Files as documents of the collection `file_pieces`; whoever opened the connection closes it. An append is one document
 * and so done wholly or not at all; one of more than 8 MiB is several, in order, and a crash may keep the first of them.
 */
export class MongoFileStore implements FileStore {
  readonly #pieces: mongo.Collection<PieceDocument>;

  constructor(private readonly connection: MongoConnection) {
    this.#pieces = connection.mongoose.db!.collection<PieceDocument>('file_pieces');
  }

  async append(file: FileId, offset: number, bytes: Uint8Array): Promise<number> {
    const size = await this.size(file);
    if (offset !== size) throw new WrongOffset(offset, size);
    let from = offset;
    for (let at = 0; at < bytes.length; at += MOST_BYTES) {
      from = await this.#insert(file, from, bytes.subarray(at, at + MOST_BYTES));
    }
    return from;
  }

  async size(file: FileId): Promise<number> {
    const last = await this.#last(file, Number.MAX_SAFE_INTEGER, { projection: { to: 1 } });
    return last?.to ?? 0;
  }

  async *read(file: FileId, from = 0): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = from; ;) {
      const piece = await this.#last(file, at, { promoteBuffers: true });
      if (!piece || piece.to <= at) return;
      yield* piecesOf(piece.bytes.subarray(at - piece.from));
      at = piece.to;
    }
  }

  /** Stop writers first: what is appended meanwhile may stay. */
  async remove(file: FileId): Promise<void> {
    await this.connection.run(() => this.#pieces.deleteMany(upTo(file, Number.MAX_SAFE_INTEGER)));
  }

  async removeTenant(tenant: string): Promise<number> {
    const theirs = { _id: { $gt: `${tenant}/`, $lt: `${tenant}0` } };
    const firsts = await this.connection.run(() => this.#pieces.countDocuments({ ...theirs, from: 0 }));
    await this.connection.run(() => this.#pieces.deleteMany(theirs));
    return firsts;
  }

  async close(): Promise<void> {}

  async #insert(file: FileId, from: number, bytes: Uint8Array): Promise<number> {
    const to = from + bytes.length;
    const piece = {
      _id: placeOf(file, from),
      from,
      to,
      bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
    };
    try {
      await this.connection.run(() => this.#pieces.insertOne(piece));
      return to;
    } catch (error) {
      throw isDuplicateKey(error) ? new WrongOffset(from, await this.size(file)) : error;
    }
  }

  /** The last piece that begins at an offset or before. Nothing is held open between pieces, however slow the reader. */
  #last(file: FileId, offset: number, options: mongo.FindOptions): Promise<PieceDocument | null> {
    return this.connection.run(() => this.#pieces.findOne(upTo(file, offset), { ...options, sort: { _id: -1 } }));
  }
}

const DIGITS = String(Number.MAX_SAFE_INTEGER).length;

const placeOf = ({ tenant, id }: FileId, offset: number): string =>
  `${tenant}/${encodeURIComponent(id)}/${String(offset).padStart(DIGITS, '0')}`;

const upTo = (file: FileId, offset: number) => ({ _id: { $gte: placeOf(file, 0), $lte: placeOf(file, offset) } });
