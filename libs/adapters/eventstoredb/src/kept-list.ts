import { type Change, type Entry, EntryList, type EntryKey } from '@rapport/event-store';
import type { BookStreams } from './book-streams.js';

/** An entry as it is from here on; null when it is taken off. */
interface EntryChanged {
  readonly tenant: string;
  readonly id: string;
  readonly entry: Entry | null;
}

/** A list: a small log of its changes, folded, and read on from where it was read to. */
export class KeptList {
  readonly #entries = new EntryList();
  #revision = -1;

  constructor(
    private readonly streams: BookStreams,
    private readonly stream: string,
  ) {}

  async read(): Promise<EntryList> {
    for await (const { revision, data } of this.streams.read(this.stream, { from: this.#revision + 1 })) {
      this.#apply(revision, data as EntryChanged);
    }
    return this.#entries;
  }

  /** Tries again on top of whatever others have changed meanwhile. */
  async change<E extends Entry>({ tenant, id }: EntryKey, change: Change<E>): Promise<void> {
    for (;;) {
      const present = (await this.read()).get<E>({ tenant, id });
      const revision = this.#revision;
      const next = change(present);
      if (next === present) return;
      const changed: EntryChanged = { tenant, id, entry: next ?? null };
      if (await this.streams.append(this.stream, 'EntryChanged', changed, revision)) return;
    }
  }

  /** Several may read at the same time. */
  #apply(revision: number, { tenant, id, entry }: EntryChanged): void {
    if (revision <= this.#revision) return;
    this.#entries.put({ tenant, id }, entry === null ? undefined : JSON.stringify(entry));
    this.#revision = revision;
  }
}
