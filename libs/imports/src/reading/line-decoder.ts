import { TextDecoder } from 'node:util';
import type { Encoding } from './encoding.js';
import { DAMAGED, type DamagedBytes, type PieceDecoder } from './piece-decoder.js';

const REPLACEMENT = '\ufffd';
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A line that is longer is decoded in parts; no row may be that long. */
const LONGEST_LINE_BYTES = 8 * 1024 * 1024;
/** Bytes that are looked at one by one, in a file: behind them only a damaged line is named, no longer the byte in it. */
const CLOSE_LOOK_BYTES = 1024 * 1024;
/** What it costs to begin with a line. */
const CLOSE_LOOK_COST = 1024;

/**
 * Of encodings in which a byte that ends a line means nothing else, which are all but UTF-16 and UTF-32. Works line by line,
 * so that bytes at fault are found among those of their line.
 */
export class LineDecoder implements PieceDecoder {
  readonly #decoder: TextDecoder;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #at: number;
  #closeLook = CLOSE_LOOK_BYTES;

  constructor(
    private readonly encoding: Encoding,
    at: number,
    private readonly damaged: DamagedBytes,
  ) {
    this.#at = at;
    this.#decoder = this.#fresh();
  }

  get at(): number {
    return this.#at;
  }

  write(piece: Uint8Array): string {
    const end = Math.max(piece.lastIndexOf(LINE_FEED), piece.lastIndexOf(CARRIAGE_RETURN)) + 1;
    const text = end > 0 ? this.#decode(this.#lines(piece.subarray(0, end))) : '';
    this.#pending.push(piece.subarray(end));
    this.#pendingBytes += piece.length - end;
    return this.#pendingBytes > LONGEST_LINE_BYTES ? text + this.end() : text;
  }

  end(): string {
    return this.#decode(this.#lines(new Uint8Array(0)));
  }

  #lines(last: Uint8Array): Uint8Array {
    const whole = this.#pending.length === 0 ? last : Buffer.concat([...this.#pending, last]);
    this.#pending = [];
    this.#pendingBytes = 0;
    return whole;
  }

  #decode(bytes: Uint8Array): string {
    const text = this.#decoder.decode(bytes);
    const known = text.includes(REPLACEMENT) || text.includes(DAMAGED) ? this.#lineByLine(bytes) : text;
    this.#at += bytes.length;
    return known;
  }

  #lineByLine(bytes: Uint8Array): string {
    let text = '';
    for (let from = 0, to: number; from < bytes.length; from = to) {
      const feed = bytes.indexOf(LINE_FEED, from);
      to = feed < 0 ? bytes.length : feed + 1;
      const line = this.#decoder.decode(bytes.subarray(from, to)).replaceAll(DAMAGED, REPLACEMENT);
      text += line.includes(REPLACEMENT) ? this.#damagedLine(bytes.subarray(from, to), this.#at + from, line) : line;
    }
    return text;
  }

  #damagedLine(bytes: Uint8Array, at: number, line: string): string {
    this.#closeLook -= bytes.length + CLOSE_LOOK_COST;
    if (this.#closeLook > 0) return this.#byteByByte(bytes, at);
    return line.replaceAll(REPLACEMENT, () => this.#mark(at));
  }

  /** A replacement character that stands in the file itself is none of ours. */
  #byteByByte(bytes: Uint8Array, at: number): string {
    let decoder = this.#fresh();
    let text = '';
    for (let n = 0, start = 0; n <= bytes.length; n += 1) {
      let decoded: string;
      try {
        decoded = n < bytes.length ? decoder.decode(bytes.subarray(n, n + 1), { stream: true }) : decoder.decode();
      } catch {
        // Some sequences of GB 18030 that mean nothing are decoded as a whole, and refused byte by byte.
        decoder = this.#fresh();
        decoded = decoder.decode(bytes.subarray(start, n + 1));
      }
      if (decoded === '') continue;
      const isOurs = decoded.includes(REPLACEMENT) && !WRITTEN.has(hex(bytes.subarray(start, n + 1)));
      const place = at + start;
      text += isOurs
        ? decoded.replaceAll(REPLACEMENT, () => this.#mark(place))
        : decoded.replaceAll(DAMAGED, REPLACEMENT);
      // A byte that ends a sequence which means nothing may begin the next one.
      start = isOurs && start < n && bytes[n]! >= 0x80 ? n : n + 1;
    }
    return text;
  }

  #fresh(): TextDecoder {
    return new TextDecoder(this.encoding, { ignoreBOM: true });
  }

  #mark(at: number): string {
    this.damaged.note(at);
    return DAMAGED;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** U+FFFD in UTF-8 and in GB 18030. */
const WRITTEN: ReadonlySet<string> = new Set(['efbfbd', '8431a437']);
