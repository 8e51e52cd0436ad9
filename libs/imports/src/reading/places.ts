/** Where a row ends in a file, so that reading can go on behind it. */
export interface Place {
  readonly row: number;
  /** The line in the file on which it ends, from 1. */
  readonly line: number;
  /** Where in the file decoding can begin, from 0. */
  readonly byte: number;
  /** What is passed over of the text from there, in bytes of UTF-8. */
  readonly skip: number;
}

/** Knows of places in a file's text where they are in the file, whose encoding has characters of other lengths. */
export class TextPlaces {
  readonly #pieces: { readonly from: number; readonly byte: number }[] = [];
  #end = 0;

  /** The next text is that from a byte of the file on. */
  note(byte: number, text: string): void {
    this.#pieces.push({ from: this.#end, byte });
    this.#end += Buffer.byteLength(text);
  }

  /** @param at in the text, in bytes of UTF-8 */
  of(at: number): Pick<Place, 'byte' | 'skip'> {
    const { from, byte } = this.#pieces.findLast((piece) => piece.from <= at)!;
    return { byte, skip: at - from };
  }
}
