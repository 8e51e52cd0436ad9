const AGAIN_MILLISECONDS = 60_000;
const REMEMBERED = 10_000;

/** The same again and again is noted so often. */
export class OncePerMinute {
  readonly #noted = new Map<string, number>();

  constructor(private readonly ticks: () => number = () => performance.now()) {}

  isNew(what: string): boolean {
    const now = this.ticks();
    if (now - (this.#noted.get(what) ?? -Infinity) < AGAIN_MILLISECONDS) return false;
    if (this.#noted.size >= REMEMBERED) this.#noted.clear();
    this.#noted.set(what, now);
    return true;
  }
}
