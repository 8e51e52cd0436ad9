import { Frame, FRAME_HEAD, RECORD_BYTES, recordsOf } from '../storage/frame.js';
import type { Storage } from '../storage/storage.js';
import { decodeRecord, encodeRecord } from '../wire/recorded-event.js';
import type { ProposedEvent, Recorded } from './events.js';
import { parseMetadata } from './stream-metadata.js';
import { type Entry, Stream } from './stream.js';
import { DELETED, isMetastream, metastreamOf, subjectOf } from './system-names.js';

/** One event for one stream; a tombstone says so. */
export interface Addition {
  readonly stream: Stream;
  readonly event: ProposedEvent;
  readonly tombstone?: boolean;
}

export interface Written {
  readonly entries: readonly Entry[];
  /** Of the last record. */
  readonly position: number;
  /** Resolves when all of it is durable and readers see it. */
  readonly durable: Promise<void>;
}

/** Called with the range of indexes in {@link Log.entries} that readers may see from now on. */
export type CommitListener = (from: number, to: number) => void;

/**
 * All events in order. Writing decides at once on what was written before, durable or not; reading sees only what is
 * durable. Writes that come while the storage is busy become durable together.
 */
export class Log {
  /** Also those that are not durable yet. */
  readonly entries: Entry[] = [];
  /** How many of `entries` readers may see. */
  committed = 0;
  readonly #streams = new Map<string, Stream>();
  readonly #listeners = new Set<CommitListener>();
  #storage!: Storage;
  #end = 0;
  #pending: Buffer[] = [];
  #batch: Promise<void> | undefined;
  #tail: Promise<void> = Promise.resolve();

  /** `open` gets what takes the frames that are there already. */
  static async open(open: (found: (frame: Buffer) => void) => Promise<Storage>): Promise<Log> {
    const log = new Log();
    log.#storage = await open((frame) => log.#recover(frame));
    log.#end = log.#storage.size;
    log.committed = log.entries.length;
    return log;
  }

  /** Where the next event will be written. */
  get end(): number {
    return this.#end + FRAME_HEAD;
  }

  stream(name: string): Stream {
    let stream = this.#streams.get(name);
    if (!stream) this.#streams.set(name, (stream = new Stream(name)));
    return stream;
  }

  /** Undefined for a name that was never written to or asked to be. */
  find(name: string): Stream | undefined {
    return this.#streams.get(name);
  }

  hasMetadata(stream: Stream): boolean {
    return (this.find(metastreamOf(stream.name))?.last ?? -1) >= 0;
  }

  /** All or nothing; no events is a record of its own that nobody ever reads. */
  write(additions: readonly Addition[]): Written {
    const frame = new Frame(this.#end);
    const entries = additions.map((addition) => this.#add(addition, frame));
    this.#end = frame.end;
    this.#pending.push(frame.bytes());
    this.#batch ??= this.#tail = this.#tail.then(() => this.#commit());
    return { entries, position: entries.at(-1)?.position ?? frame.start, durable: this.#batch };
  }

  /** Resolves when everything that was written until now is durable. */
  settled(): Promise<void> {
    return this.#tail;
  }

  /** How many events of a stream readers may see. */
  visible({ entries }: Stream): number {
    let count = entries.length;
    while (count > 0 && !this.isVisible(entries[count - 1]!)) count--;
    return count;
  }

  isVisible({ position }: Entry): boolean {
    return position < (this.entries[this.committed]?.position ?? Infinity);
  }

  bytes({ position, length }: Entry): Buffer {
    return this.#storage.read(position + RECORD_BYTES, length);
  }

  /** Returns what stops the calls. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#tail.catch(() => undefined);
    await this.#storage.close();
  }

  #add({ stream, event, tombstone }: Addition, frame: Frame): Entry {
    const revision = tombstone ? DELETED : stream.last + 1;
    const recorded = { ...event, stream: stream.name, revision, position: frame.next, created: Date.now() };
    const record = encodeRecord(recorded);
    frame.add(record);
    return this.#index(recorded, record.length);
  }

  #recover(frame: Buffer): void {
    for (const bytes of recordsOf(frame)) this.#index(decodeRecord(bytes), bytes.length);
  }

  #index({ stream: name, position, revision, id, type, created, ...event }: Recorded, length: number): Entry {
    const stream = this.stream(name);
    const entry: Entry = { position, length, stream, revision, id, type, created };
    this.entries.push(entry);
    if (revision === DELETED) stream.tombstone = entry;
    else stream.entries.push(entry);
    if (isMetastream(name) && !isMetastream(subjectOf(name)))
      this.stream(subjectOf(name)).metadata = parseMetadata(event.json, event.data);
    return entry;
  }

  async #commit(): Promise<void> {
    const [frames, from, to] = [this.#pending, this.committed, this.entries.length];
    this.#pending = [];
    this.#batch = undefined;
    await this.#storage.append(frames);
    this.committed = to;
    for (const listener of this.#listeners) listener(from, to);
  }
}
