/**
 * Those who want the same thing get it one after the other, in the order in which they came; others do not wait. Two that
 * change one record at once would only lose the race for it to each other.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(of: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(of);
    const mine = before ? before.then(work, work) : work();
    this.#last.set(of, mine);
    const leave = (): void => {
      if (this.#last.get(of) === mine) this.#last.delete(of);
    };
    mine.then(leave, leave);
    return mine;
  }
}
