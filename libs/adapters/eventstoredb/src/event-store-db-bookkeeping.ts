import type { Bookkeeping, Change, Entry, EntryKey } from '@rapport/event-store';
import type { Position } from '@rapport/kernel';
import type { BookStreams } from './book-streams.js';
import { KeptCheckpoint } from './kept-checkpoint.js';
import { KeptList } from './kept-list.js';

/** Streams of a neighbouring namespace: one for each follower, of which the last event counts, and one for each list. */
export class EventStoreDbBookkeeping implements Bookkeeping {
  readonly #checkpoints = new Map<string, KeptCheckpoint>();
  readonly #lists = new Map<string, KeptList>();

  constructor(private readonly streams: BookStreams) {}

  checkpoint(follower: string): Promise<Position | undefined> {
    return this.#checkpoint(follower).load();
  }

  saveCheckpoint(follower: string, position: Position): Promise<void> {
    return this.#checkpoint(follower).save(position);
  }

  async entries<E extends Entry>(list: string, tenant?: string): Promise<readonly E[]> {
    return (await this.#list(list).read()).all<E>(tenant);
  }

  async entry<E extends Entry>(list: string, key: EntryKey): Promise<E | undefined> {
    return (await this.#list(list).read()).get<E>(key);
  }

  change<E extends Entry>(list: string, key: EntryKey, change: Change<E>): Promise<void> {
    return this.#list(list).change(key, change);
  }

  #checkpoint(follower: string): KeptCheckpoint {
    const kept = this.#checkpoints.get(follower) ?? new KeptCheckpoint(this.streams, `checkpoint-${follower}`);
    this.#checkpoints.set(follower, kept);
    return kept;
  }

  #list(name: string): KeptList {
    const kept = this.#lists.get(name) ?? new KeptList(this.streams, `list-${name}`);
    this.#lists.set(name, kept);
    return kept;
  }
}
