import { DomainError } from '@rapport/kernel';

export interface FileId {
  readonly tenant: string;
  readonly id: string;
}

/** Uploaded files: written once from front to back, read as a stream, removed as a whole. */
export interface FileStore {
  /**
   * Adds bytes at the end and resolves to the new size once they are durable. `offset` is where the caller thinks the
   * file ends, 0 for a new one: a lost answer shows itself there and nothing is ever written twice.
   * @throws WrongOffset the file ends elsewhere; nothing was written
   */
  append(file: FileId, offset: number, bytes: Uint8Array): Promise<number>;

  /** Bytes so far; 0 for a file that does not exist. */
  size(file: FileId): Promise<number>;

  /**
   * The bytes from an offset on, in pieces of at most {@link MAX_PIECE_BYTES}, pulled by the consumer. A missing file is
   * an empty one. Leaving the loop early frees everything.
   */
  read(file: FileId, from?: number): AsyncIterable<Uint8Array>;

  /** Idempotent. */
  remove(file: FileId): Promise<void>;

  /** Removes every file of a tenant. Idempotent. Answers how many there were. */
  removeTenant(tenant: string): Promise<number>;

  close(): Promise<void>;
}

/** Bounds what a reader holds in memory. */
export const MAX_PIECE_BYTES = 256 * 1024;

export class WrongOffset extends DomainError {
  constructor(
    readonly offset: number,
    readonly size: number,
  ) {
    super(
      'conflict',
      'wrong-offset',
      `The piece begins at byte ${offset}, but ${size} bytes have been received. Go on at byte ${size}.`,
    );
  }
}

/** `bytes` in pieces that a store takes, without copying. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += MAX_PIECE_BYTES) yield bytes.subarray(at, at + MAX_PIECE_BYTES);
}
