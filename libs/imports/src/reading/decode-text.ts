import { type Encoding, inspectBeginning, unitOf } from './encoding.js';
import { LineDecoder } from './line-decoder.js';
import { DamagedBytes, type PieceDecoder } from './piece-decoder.js';
import { UnitDecoder } from './unit-decoder.js';

/**
 * The text of a file, piece by piece, without its byte-order mark. Bytes that mean
 * nothing are `DAMAGED` in it, and noted.
 */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  damaged = new DamagedBytes(),
): AsyncGenerator<string, void, undefined> {
  let decoder: PieceDecoder | undefined;
  for await (const piece of bytes) {
    const mark: number = decoder ? 0 : markOf(piece, encoding);
    decoder ??=
      unitOf(encoding) === 1 ? new LineDecoder(encoding, mark, damaged) : new UnitDecoder(encoding, mark, damaged);
    const text: string = decoder.write(piece.subarray(mark));
    if (text.length > 0) yield text;
  }
  const last = decoder?.end() ?? '';
  if (last.length > 0) yield last;
}

/** A mark of another encoding is content: the caller has chosen otherwise. */
const markOf = (first: Uint8Array, encoding: Encoding): number => {
  const beginning = inspectBeginning(first);
  return beginning.encoding === encoding ? beginning.mark : 0;
};
