import { HEADER, type Storage } from './storage.js';

/** Gone when the process ends. */
export class MemoryStorage implements Storage {
  size = HEADER.length;
  readonly #frames: Buffer[] = [];
  readonly #starts: number[] = [];

  async append(frames: readonly Buffer[]): Promise<void> {
    for (const frame of frames) {
      this.#frames.push(frame);
      this.#starts.push(this.size);
      this.size += frame.length;
    }
  }

  read(position: number, length: number): Buffer {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= position) low = middle;
      else high = middle - 1;
    }
    const offset = position - this.#starts[low]!;
    return this.#frames[low]!.subarray(offset, offset + length);
  }

  async close(): Promise<void> {}
}
