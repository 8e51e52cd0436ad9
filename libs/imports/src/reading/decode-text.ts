import iconv from 'iconv-lite';
import { type Encoding, inspectBeginning } from './encoding.js';
import { fileProblem } from './file-problem.js';

interface Decoder {
  write(bytes: Uint8Array): string;
  end(): string;
}

const decoderOf = (encoding: Encoding): Decoder => {
  if (encoding.startsWith('utf-32')) {
    const decoder = iconv.getDecoder(encoding, { stripBOM: true });
    return { write: (bytes) => decoder.write(Buffer.from(bytes)), end: () => decoder.end() ?? '' };
  }
  const decoder = new TextDecoder(encoding, { fatal: encoding !== 'windows-1252', ignoreBOM: true });
  return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
};

/**
 * The text of a file, piece by piece, without its byte-order mark.
 * @throws DomainError `wrong-encoding` where bytes mean nothing in this encoding
 */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string, void, undefined> {
  const decoder = decoderOf(encoding);
  let at = 0;
  try {
    for await (const piece of bytes) {
      const text = decoder.write(at === 0 ? piece.subarray(markOf(piece, encoding)) : piece);
      at += piece.length;
      if (text.length > 0) yield text;
    }
    const last = decoder.end();
    if (last.length > 0) yield last;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    const message = `The file is not ${encoding}: it stops making sense before byte ${at}. Set the right encoding, for example windows-1252.`;
    throw fileProblem('wrong-encoding', message, error);
  }
}

/** A mark of another encoding is content: the caller has chosen otherwise. */
const markOf = (first: Uint8Array, encoding: Encoding): number => {
  const beginning = inspectBeginning(first);
  return beginning.encoding === encoding ? beginning.mark : 0;
};
