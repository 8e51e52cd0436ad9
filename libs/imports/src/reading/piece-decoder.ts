/** Stands in decoded text for bytes that mean nothing in the encoding. No text that means anything holds it. */
export const DAMAGED = '\ufdd0';

/** Bytes to text, piece by piece. Where bytes mean nothing the text has {@link DAMAGED}, and their place is noted. */
export interface PieceDecoder {
  /** Where in the file the bytes are whose text comes next. */
  readonly at: number;
  write(bytes: Uint8Array): string;
  end(): string;
}

/** Places in the file, from 0, of the bytes behind each {@link DAMAGED}; taken in the order in which they were noted. */
export class DamagedBytes {
  #places: number[] = [];
  #taken = 0;

  note(place: number): void {
    this.#places.push(place);
  }

  get areThere(): boolean {
    return this.#taken < this.#places.length;
  }

  take(): number {
    const place = this.#places[this.#taken++] ?? 0;
    if (!this.areThere) [this.#places, this.#taken] = [[], 0];
    return place;
  }
}
