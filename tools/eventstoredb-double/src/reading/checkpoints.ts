/** Nothing was reached yet. */
const NOWHERE = -1;

/**
 * How far a filtered subscription has got, as far as it may say so: while it catches up no further than the event that it
 * gave last or where its last page began, so that what was filtered away after that may be looked at again.
 */
export class Checkpoints {
  #reached: number;
  #said = NOWHERE;
  #looked = 0;

  /** `after` is the position that the client starts after. */
  constructor(
    private readonly interval: number,
    after = NOWHERE,
  ) {
    this.#reached = after;
  }

  catchUp(): void {
    this.#looked = 0;
  }

  /** An event was given, or a page that began here is done. */
  reach(position: number): void {
    this.#reached = Math.max(this.#reached, position);
  }

  /** Whether it is time for one after a page for which so many events were looked at. */
  due(looked: number): boolean {
    this.#looked += looked;
    if (this.#looked < this.interval) return false;
    this.#looked %= this.interval;
    return true;
  }

  /** The position to say now; undefined when that would be nothing new. */
  next(): number | undefined {
    return this.#reached > this.#said ? (this.#said = this.#reached) : undefined;
  }
}
