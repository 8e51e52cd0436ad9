import iconv from 'iconv-lite';
import { type Encoding, unitOf } from './encoding.js';
import { DAMAGED, type DamagedBytes, type PieceDecoder } from './piece-decoder.js';

const REPLACEMENT = '\ufffd';

/** Of UTF-16 and UTF-32: works unit by unit, a character of two units together. */
export class UnitDecoder implements PieceDecoder {
  readonly #unit: 2 | 4;
  #rest: Buffer = Buffer.alloc(0);
  #at: number;

  constructor(
    private readonly encoding: Encoding,
    at: number,
    private readonly damaged: DamagedBytes,
  ) {
    this.#at = at;
    this.#unit = unitOf(encoding) === 4 ? 4 : 2;
  }

  get at(): number {
    return this.#at;
  }

  write(piece: Uint8Array): string {
    const bytes = Buffer.concat([this.#rest, piece]);
    let end = bytes.length - (bytes.length % this.#unit);
    if (this.#unit === 2 && end >= 2 && isFirstOfPair(bytes, end - 2, this.encoding)) end -= 2;
    this.#rest = bytes.subarray(end);
    return this.#decode(bytes.subarray(0, end));
  }

  end(): string {
    const whole = this.#rest.length - (this.#rest.length % this.#unit);
    const text = this.#decode(this.#rest.subarray(0, whole));
    return this.#rest.length > whole ? text + this.#mark(this.#at) : text;
  }

  #decode(bytes: Buffer): string {
    const text =
      this.#unit === 4 ? iconv.decode(bytes, this.encoding, { stripBOM: false }) : utf16(bytes, this.encoding);
    const isSound = text.isWellFormed() && !text.includes(REPLACEMENT) && !text.includes(DAMAGED);
    const known = isSound ? text : this.#marked(text, bytes);
    this.#at += bytes.length;
    return known;
  }

  #marked(text: string, bytes: Buffer): string {
    let marked = '';
    let at = 0;
    for (const character of text) {
      if (!character.isWellFormed() || (character === REPLACEMENT && !isReplacement(bytes, at, this.encoding)))
        marked += this.#mark(this.#at + at);
      else marked += character === DAMAGED ? REPLACEMENT : character;
      at += this.#unit === 4 ? 4 : character.length * 2;
    }
    return marked;
  }

  #mark(at: number): string {
    this.damaged.note(at);
    return DAMAGED;
  }
}

const utf16 = (bytes: Buffer, encoding: Encoding): string =>
  (encoding === 'utf-16be' ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');

const isFirstOfPair = (bytes: Buffer, at: number, encoding: Encoding): boolean =>
  (bytes[encoding === 'utf-16be' ? at : at + 1]! & 0xfc) === 0xd8;

/** Whether U+FFFD itself is what the file has there. */
const isReplacement = (bytes: Buffer, at: number, encoding: Encoding): boolean => {
  switch (encoding) {
    case 'utf-16le':
      return bytes.readUInt16LE(at) === 0xfffd;
    case 'utf-16be':
      return bytes.readUInt16BE(at) === 0xfffd;
    case 'utf-32le':
      return bytes.readUInt32LE(at) === 0xfffd;
    default:
      return bytes.readUInt32BE(at) === 0xfffd;
  }
};
