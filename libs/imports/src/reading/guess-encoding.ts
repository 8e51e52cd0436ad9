import { isAscii } from 'node:buffer';
import chardet from 'chardet';
import { type Encoding, encodingNamed } from './encoding.js';

/** What was taken for the encoding because the bytes look like it, and how a line reads then. */
export interface EncodingGuess {
  readonly encoding: Encoding;
  readonly sample: string;
}

const LIKELY = 50;
const MOST_SAMPLE_BYTES = 64 * 1024;
const SHOWN_CHARACTERS = 200;
/** Of Western Europe, and what its spreadsheets write. */
const FALLBACK = 'windows-1252';
const FINE_BYTES_PER_FAULT = 500;
const LINE_FEED = 0x0a;

/** Lines of a file that hold more than ASCII, as many as statistics need. Given pieces in order. */
export class TellingLines {
  readonly #lines: Buffer[] = [];
  #bytes = 0;

  see(piece: Uint8Array): void {
    if (this.#bytes >= MOST_SAMPLE_BYTES || isAscii(piece)) return;
    let from = 0;
    while (from < piece.length && this.#bytes < MOST_SAMPLE_BYTES) {
      const end = piece.indexOf(LINE_FEED, from);
      const line = piece.subarray(from, end < 0 ? piece.length : end + 1);
      if (!isAscii(line)) this.#keep(line);
      from += line.length;
    }
  }

  /** By the statistics of languages; a few words of one may look like another. */
  guess(): EncodingGuess {
    const bytes = Buffer.concat(this.#lines);
    const encoding = candidates(bytes).find((candidate) => reads(candidate, bytes)) ?? FALLBACK;
    const [line = ''] = new TextDecoder(encoding).decode(this.#lines[0]).split(/[\r\n]/);
    return { encoding, sample: line.slice(0, SHOWN_CHARACTERS) };
  }

  #keep(line: Uint8Array): void {
    this.#lines.push(Buffer.from(line.subarray(0, MOST_SAMPLE_BYTES)));
    this.#bytes += line.length;
  }
}

/** Best first. Alphabets are told by whole words, without what is ASCII between them: its many letters would outvote them. */
const candidates = (bytes: Buffer): readonly Encoding[] => {
  const ideographic = chardet
    .analyse(bytes)
    .filter(({ name, confidence }) => MULTIBYTE.has(name) && confidence > LIKELY);
  const alphabetic = chardet
    .analyse(foreignWords(bytes))
    .filter(({ name, confidence }) => !MULTIBYTE.has(name) && confidence > 0);
  return [...ideographic, ...alphabetic].flatMap(({ name }) => encodingNamed(name) ?? []);
};

const MULTIBYTE: ReadonlySet<string> = new Set(['Shift_JIS', 'Big5', 'EUC-JP', 'EUC-KR', 'GB18030']);

/** Some bytes may be damaged, and lines cut where pieces end. */
const reads = (encoding: Encoding, bytes: Buffer): boolean => {
  const faults = new TextDecoder(encoding).decode(bytes).split('\ufffd').length - 1;
  return encoding !== 'utf-8' && faults <= bytes.length / FINE_BYTES_PER_FAULT;
};

/** Words with a letter beyond ASCII, separated by spaces. */
const foreignWords = (bytes: Buffer): Buffer => {
  const words = bytes.toString('latin1').match(/[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*/g) ?? [];
  return Buffer.from(words.join(' '), 'latin1');
};
