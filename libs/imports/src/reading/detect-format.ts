import { BEGINNING_BYTES, type Encoding, inspectBeginning } from './encoding.js';
import { decodeText } from './decode-text.js';
import { TellingLines } from './guess-encoding.js';
import { announcedSeparator, detectSeparator } from './separator.js';
import { Utf8Tally } from './utf8-tally.js';

export interface FileFormat {
  readonly encoding: Encoding;
  readonly separator: string;
}

/** A format and what people should know of how it was found. */
export interface FoundFormat extends FileFormat {
  /** The encoding is a guess: how a line of the file reads in it. */
  readonly sample?: string;
  /** It is UTF-8 but for so many faults; the first is at this byte, from 0. */
  readonly damage?: { readonly faults: number; readonly byte: number };
}

/** Text that the separator is told by. */
const SAMPLE_CHARACTERS = 64 * 1024;

/**
 * Encoding and separator of a file; what is given is not looked for. Without a byte-order mark the whole file is read
 * once: it is UTF-8 where all bytes fit, or all but a few; otherwise its encoding is guessed by the languages it may hold.
 * A first line `sep=;` names the separator.
 */
export const detectFormat = async (
  open: () => AsyncIterable<Uint8Array>,
  given: Partial<FileFormat> = {},
): Promise<FoundFormat> => {
  const found = given.encoding === undefined ? await detectEncoding(open()) : { encoding: given.encoding };
  if (given.separator !== undefined) return { ...found, separator: given.separator };
  const beginning = await beginningOf(decodeText(open(), found.encoding));
  return { ...found, separator: announcedSeparator(beginning) ?? detectSeparator(beginning) };
};

const detectEncoding = async (bytes: AsyncIterable<Uint8Array>): Promise<Omit<FoundFormat, 'separator'>> => {
  const tally = new Utf8Tally();
  const telling = new TellingLines();
  let beginning: Buffer | undefined = Buffer.alloc(0);
  const inspected = (): Encoding | undefined => {
    const { encoding } = inspectBeginning(beginning!);
    beginning = undefined;
    return encoding;
  };
  for await (const piece of bytes) {
    if (beginning) {
      beginning = Buffer.concat([beginning, piece]);
      const known = beginning.length >= BEGINNING_BYTES ? inspected() : undefined;
      if (known) return { encoding: known };
    }
    tally.see(piece);
    telling.see(piece);
  }
  const known = beginning ? inspected() : undefined;
  return known ? { encoding: known } : told(tally.end(), telling);
};

/** What is UTF-8 by accident is so in a few places only. */
const told = ({ characters, faults, firstFault }: Utf8Tally, telling: TellingLines): Omit<FoundFormat, 'separator'> => {
  if (firstFault === undefined) return { encoding: 'utf-8' };
  return characters > faults ? { encoding: 'utf-8', damage: { faults, byte: firstFault } } : telling.guess();
};

const beginningOf = async (text: AsyncIterable<string>): Promise<string> => {
  let beginning = '';
  for await (const piece of text) {
    beginning += piece;
    if (beginning.length >= SAMPLE_CHARACTERS) break;
  }
  return beginning.slice(0, SAMPLE_CHARACTERS);
};
