import { isAscii } from 'node:buffer';

/** How well bytes do as UTF-8: its characters beyond ASCII, and the sequences that mean nothing. Given pieces in order. */
export class Utf8Tally {
  characters = 0;
  faults = 0;
  /** Where the first fault is, from 0. */
  firstFault: number | undefined;
  #at = 0;
  #left = 0;
  #start = 0;
  #low = 0x80;
  #high = 0xbf;

  see(bytes: Uint8Array): void {
    if (this.#left === 0 && isAscii(bytes)) return void (this.#at += bytes.length);
    for (const byte of bytes) {
      if (this.#left > 0) this.#continue(byte);
      else if (byte >= 0x80) this.#begin(byte);
      this.#at += 1;
    }
  }

  end(): this {
    if (this.#left > 0) this.#fault(this.#start);
    return this;
  }

  #begin(byte: number): void {
    this.#start = this.#at;
    // The first byte behind these must not spell what fewer bytes could, a surrogate, or what is beyond Unicode.
    this.#low = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
    this.#high = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    this.#left = byte < 0xc2 || byte > 0xf4 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (this.#left === 0) this.#fault(this.#at);
  }

  #continue(byte: number): void {
    if (byte < this.#low || byte > this.#high) {
      this.#fault(this.#start);
      if (byte >= 0x80) this.#begin(byte);
      return;
    }
    [this.#low, this.#high] = [0x80, 0xbf];
    this.#left -= 1;
    if (this.#left === 0) this.characters += 1;
  }

  #fault(at: number): void {
    this.#left = 0;
    this.faults += 1;
    this.firstFault ??= at;
  }
}
