import { BEGINNING_BYTES, type Encoding, inspectBeginning } from './encoding.js';
import { decodeText } from './decode-text.js';
import { detectSeparator } from './separator.js';

export interface FileFormat {
  readonly encoding: Encoding;
  readonly separator: string;
}

/** Text that the separator is told by. */
const SAMPLE_CHARACTERS = 64 * 1024;

/**
 * Encoding and separator of a file; what is given is not looked for. Without a byte-order mark the whole file is read
 * once: it is UTF-8 where every byte fits, otherwise windows-1252.
 */
export const detectFormat = async (
  open: () => AsyncIterable<Uint8Array>,
  given: Partial<FileFormat> = {},
): Promise<FileFormat> => {
  const encoding = given.encoding ?? (await detectEncoding(open()));
  const separator = given.separator ?? detectSeparator(await beginningOf(decodeText(open(), encoding)));
  return { encoding, separator };
};

const detectEncoding = async (bytes: AsyncIterable<Uint8Array>): Promise<Encoding> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let beginning: Buffer | undefined = Buffer.alloc(0);
  const inspected = (): Encoding | undefined => {
    const { encoding } = inspectBeginning(beginning!);
    beginning = undefined;
    return encoding;
  };
  let valid = true;
  for await (const piece of bytes) {
    if (beginning) {
      beginning = Buffer.concat([beginning, piece]);
      const known = beginning.length >= BEGINNING_BYTES ? inspected() : undefined;
      if (known) return known;
    }
    valid = valid && isValid(() => decoder.decode(piece, { stream: true }));
    if (!valid && !beginning) break;
  }
  const known = beginning ? inspected() : undefined;
  return known ?? (valid && isValid(() => decoder.decode()) ? 'utf-8' : 'windows-1252');
};

const isValid = (decode: () => string): boolean => {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
};

const beginningOf = async (text: AsyncIterable<string>): Promise<string> => {
  let beginning = '';
  for await (const piece of text) {
    beginning += piece;
    if (beginning.length >= SAMPLE_CHARACTERS) break;
  }
  return beginning.slice(0, SAMPLE_CHARACTERS);
};
