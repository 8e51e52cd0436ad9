import type { Release } from '../release.js';

/** Nothing was reached yet. */
const NOWHERE = -1;

/** Minus one, unsigned. */
const MINUS_ONE = 2n ** 64n - 1n;

/**
 * How far a filtered subscription has got, as far as it may say so: while it catches up no further than the event that it
 * gave last or where its last page began, so that what was filtered away after that may be looked at again.
 */
export class Checkpoints {
  #reached: number;
  #said = NOWHERE;
  #looked = 0;
  #given = false;

  /** `after` is the position that the client starts after. */
  constructor(
    private readonly interval: number,
    private readonly release: Release,
    private readonly after = NOWHERE,
  ) {
    this.#reached = after;
  }

  catchUp(): void {
    this.#looked = 0;
  }

  /** A page that began here is done. */
  reach(position: number): void {
    this.#reached = Math.max(this.#reached, position);
  }

  /** An event was given. */
  give(position: number): void {
    this.#given = true;
    this.reach(position);
  }

  /** Whether it is time for one after a page for which so many events were looked at. */
  due(looked: number): boolean {
    this.#looked += looked;
    if (this.#looked < this.interval) return false;
    this.#looked %= this.interval;
    return true;
  }

  /**
   * The position to say after the page with which history ends; undefined when that would be nothing new.
   * @param looked events that were looked at for the page
   * @param end where the next event will be written
   */
  atEndOfHistory(looked: number, end: number): number | bigint | undefined {
    const { firstCheckpoint, checkpointAtEndOfHistory, saysEndOfLog } = this.release;
    const due = this.due(looked);
    if (saysEndOfLog && looked === 0) return end;
    if (this.#said === NOWHERE && !this.#given && this.after === NOWHERE) {
      if (firstCheckpoint === 'minus one') return MINUS_ONE;
      if (firstCheckpoint === 'none') return undefined;
    }
    return due || checkpointAtEndOfHistory || this.#said === NOWHERE ? this.next() : undefined;
  }

  /** The position to say now; undefined when that would be nothing new. */
  next(): number | undefined {
    return this.#reached > this.#said ? (this.#said = this.#reached) : undefined;
  }
}
