import type { Position } from '@rapport/kernel';
import { compareEntries, type Bookkeeping, type Change, type Entry, type EntryKey } from './bookkeeping.js';

/** For tests: forgotten with the process. */
export class InMemoryBookkeeping implements Bookkeeping {
  readonly #checkpoints = new Map<string, Position>();
  readonly #lists = new Map<string, EntryList>();

  async checkpoint(follower: string): Promise<Position | undefined> {
    return this.#checkpoints.get(follower);
  }

  async saveCheckpoint(follower: string, position: Position): Promise<void> {
    if (position > (this.#checkpoints.get(follower) ?? '')) this.#checkpoints.set(follower, position);
  }

  async entries<E extends Entry>(list: string, tenant?: string): Promise<readonly E[]> {
    return this.#list(list).all<E>(tenant);
  }

  async entry<E extends Entry>(list: string, key: EntryKey): Promise<E | undefined> {
    return this.#list(list).get<E>(key);
  }

  async change<E extends Entry>(list: string, key: EntryKey, change: Change<E>): Promise<void> {
    const present = this.#list(list).get<E>(key);
    const next = change(present);
    if (next !== present) this.#list(list).put(key, next && JSON.stringify(next));
  }

  #list(name: string): EntryList {
    const list = this.#lists.get(name) ?? new EntryList();
    this.#lists.set(name, list);
    return list;
  }
}

/** One list's entries as JSON, so that nobody shares objects. */
export class EntryList {
  readonly #entries = new Map<string, EntryKey & { readonly json: string }>();

  get<E extends Entry>(key: EntryKey): E | undefined {
    const json = this.#entries.get(placeOf(key))?.json;
    return json === undefined ? undefined : (JSON.parse(json) as E);
  }

  put({ tenant, id }: EntryKey, json: string | undefined): void {
    const place = placeOf({ tenant, id });
    if (json === undefined) this.#entries.delete(place);
    else this.#entries.set(place, { tenant, id, json });
  }

  all<E extends Entry>(tenant?: string): readonly E[] {
    return [...this.#entries.values()]
      .filter((entry) => tenant === undefined || entry.tenant === tenant)
      .sort(compareEntries)
      .map(({ json }) => JSON.parse(json) as E);
  }
}

const placeOf = ({ tenant, id }: EntryKey): string => JSON.stringify([tenant, id]);
