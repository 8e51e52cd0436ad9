import type { Position } from '@rapport/kernel';

/**
 * What has to be remembered beside the facts and cannot be made again from them: how far relays, reactions and inboxes have
 * come, and what waits for somebody to look at it. It lies where the facts lie, so that views can be thrown away and nothing
 * is published or done a second time. Nothing that is written here is an event to any follower.
 */
export interface Bookkeeping {
  /** How far a follower has come; undefined before anything was saved. */
  checkpoint(follower: string): Promise<Position | undefined>;

  /** Resolves once it is durable. Never moves back, whoever else saves: an older position is ignored. */
  saveCheckpoint(follower: string, position: Position): Promise<void>;

  /** Entries of a list, of one tenant or of all, in the order of tenants and ids. Lists are for people: they are short. */
  entries<E extends Entry>(list: string, tenant?: string): Promise<readonly E[]>;

  entry<E extends Entry>(list: string, key: EntryKey): Promise<E | undefined>;

  /**
   * Replaces an entry by what `change` makes of the present one: undefined takes it off the list, the same object leaves it
   * as it is. Pure and maybe asked more than once: of several changes at a time each is made on top of the others.
   */
  change<E extends Entry>(list: string, key: EntryKey, change: Change<E>): Promise<void>;
}

export interface EntryKey {
  readonly tenant: string;
  readonly id: string;
}

/** Kept as JSON. `id` is unique within list and tenant. */
export type Entry = EntryKey;

export type Change<E extends Entry> = (present: E | undefined) => E | undefined;

export const compareEntries = (one: EntryKey, other: EntryKey): number =>
  compare(one.tenant, other.tenant) || compare(one.id, other.id);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
