import { crc32 } from 'node:zlib';

/** Length and checksum of the records, both u32, before the records; each record is its length (u32) and its bytes. */
export const FRAME_HEAD = 8;
const RECORD_HEAD = 4;

/** Offset of a record's bytes from its position. */
export const RECORD_BYTES = RECORD_HEAD;

/** One append on its way to the storage: what a crash keeps or cuts off as a whole. */
export class Frame {
  readonly #parts: Buffer[] = [];
  #end: number;

  /** `start` is the offset at which this frame will be stored. */
  constructor(readonly start: number) {
    this.#end = start + FRAME_HEAD;
  }

  /** Where the next record will be. */
  get next(): number {
    return this.#end;
  }

  get end(): number {
    return this.#end;
  }

  add(record: Uint8Array): void {
    const head = Buffer.allocUnsafe(RECORD_HEAD);
    head.writeUInt32LE(record.length);
    this.#parts.push(head, Buffer.from(record.buffer, record.byteOffset, record.length));
    this.#end += RECORD_HEAD + record.length;
  }

  bytes(): Buffer {
    const all = Buffer.concat([Buffer.allocUnsafe(FRAME_HEAD), ...this.#parts]);
    const records = all.subarray(FRAME_HEAD);
    all.writeUInt32LE(records.length, 0);
    all.writeUInt32LE(crc32(records), 4);
    return all;
  }
}

/** Length of a frame, its head included, told by its head. */
export const frameLength = (head: Buffer): number => FRAME_HEAD + head.readUInt32LE(0);

/** False for a frame that was only partly written before a crash. */
export const isWhole = (frame: Buffer): boolean => crc32(frame.subarray(FRAME_HEAD)) === frame.readUInt32LE(4);

/** The bytes of each record of a stored frame. */
export function* recordsOf(frame: Buffer): Generator<Buffer> {
  for (let offset = FRAME_HEAD; offset < frame.length;) {
    const begin = offset + RECORD_HEAD;
    offset = begin + frame.readUInt32LE(offset);
    yield frame.subarray(begin, offset);
  }
}
