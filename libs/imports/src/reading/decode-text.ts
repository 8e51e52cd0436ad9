import { type Encoding, inspectBeginning, unitOf } from './encoding.js';
import { LineDecoder } from './line-decoder.js';
import { DamagedBytes, type PieceDecoder } from './piece-decoder.js';
import { TextPlaces } from './places.js';
import { UnitDecoder } from './unit-decoder.js';

/** Of a text that is decoded: what means nothing in it, where its pieces are in the file, and from which byte on it is read. */
export interface DecodedParts {
  readonly damaged?: DamagedBytes;
  readonly places?: TextPlaces;
  readonly from?: number;
}

/**
 * The text of a file, piece by piece, without its byte-order mark. Bytes that mean
 * nothing are `DAMAGED` in it, and noted.
 */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  { damaged = new DamagedBytes(), places = new TextPlaces(), from = 0 }: DecodedParts = {},
): AsyncGenerator<string, void, undefined> {
  let decoder: PieceDecoder | undefined;
  for await (const piece of bytes) {
    const mark: number = decoder || from > 0 ? 0 : markOf(piece, encoding);
    decoder ??= decoderOf(encoding, from + mark, damaged);
    const { at }: PieceDecoder = decoder;
    const text: string = decoder.write(piece.subarray(mark));
    if (text.length === 0) continue;
    places.note(at, text);
    yield text;
  }
  if (!decoder) return;
  const { at } = decoder;
  const last = decoder.end();
  if (last.length === 0) return;
  places.note(at, last);
  yield last;
}

const decoderOf = (encoding: Encoding, at: number, damaged: DamagedBytes): PieceDecoder =>
  unitOf(encoding) === 1 ? new LineDecoder(encoding, at, damaged) : new UnitDecoder(encoding, at, damaged);

/** A mark of another encoding is content: the caller has chosen otherwise. */
const markOf = (first: Uint8Array, encoding: Encoding): number => {
  const beginning = inspectBeginning(first);
  return beginning.encoding === encoding ? beginning.mark : 0;
};
