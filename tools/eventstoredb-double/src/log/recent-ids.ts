import type { Entry } from './stream.js';

/** Roughly what one entry costs the real server beside the stream's name. */
const ENTRY_BYTES = 28;

/**
 * The ids that were written last, over all streams, bounded by bytes. Empty after a start: only writing fills it. An id
 * keeps the first place that it was seen at.
 */
export class RecentIds {
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(private readonly limit: number) {}

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  add(entry: Entry): void {
    if (this.#entries.has(entry.id)) return;
    this.#entries.set(entry.id, entry);
    this.#bytes += size(entry);
    while (this.#bytes > this.limit) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries.values();
    this.#entries.delete(oldest!.id);
    this.#bytes -= size(oldest!);
  }
}

const size = ({ stream }: Entry): number => ENTRY_BYTES + stream.name.length;
