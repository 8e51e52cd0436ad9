import type { Bookkeeping, Entry } from '@rapport/event-store';
import type { AnyTimer, Clock } from '@rapport/kernel';
import { NO_TENANT } from '@rapport/processing';

interface Beginning extends Entry {
  readonly at: string;
}

/** The list in a service's books. */
const BEGINNINGS = 'timer-beginnings';

/**
 * Since when there is each kind of timer in this installation: what was due before lies in the past and starts nothing. Kept
 * beside the facts, so that it stays what it was when everything is built anew.
 */
export class Beginnings {
  readonly #at = new Map<string, string>();

  /** Reads them, and begins whatever was not there before. To be awaited before the rows are built. */
  async load(timers: readonly AnyTimer[], books: Bookkeeping, clock: Clock): Promise<void> {
    for (const timer of timers) {
      const key = { tenant: NO_TENANT, id: idOf(timer) };
      const known = await books.entry<Beginning>(BEGINNINGS, key);
      const begun: Beginning = { ...key, at: clock.now().toISOString() };
      if (!known) await books.change<Beginning>(BEGINNINGS, key, (present) => present ?? begun);
      const { at } = known ?? (await books.entry<Beginning>(BEGINNINGS, key)) ?? begun;
      this.#at.set(idOf(timer), at);
    }
  }

  of(timer: AnyTimer): string {
    const at = this.#at.get(idOf(timer));
    if (at === undefined) throw new Error(`Timer ${idOf(timer)} has not begun: load its beginning first.`);
    return at;
  }
}

const idOf = ({ decider, name }: AnyTimer): string => `${decider.aggregate}/${name}`;
