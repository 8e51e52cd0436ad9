/**
 * Bytes that only grow. A position is an offset in them, so it is never reused and leaves gaps between records.
 * Nothing is ever changed in place.
 */
export interface Storage {
  /** Offset at which the next frame will begin. */
  readonly size: number;
  /** Resolves once the frames are as durable as this storage can make them; they are there all or none after a crash. */
  append(frames: readonly Buffer[]): Promise<void>;
  /** Bytes that were appended; the caller must not change them. */
  read(position: number, length: number): Buffer;
  close(): Promise<void>;
}

/** What a file begins with, so that the first record is not at 0: a real log has records of its own before it. */
export const HEADER = Buffer.from('ESDBLOG1');
