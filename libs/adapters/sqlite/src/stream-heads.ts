/** Last revisions of the streams that were used last, so that most appends need no query. */
export class StreamHeads {
  readonly #heads = new Map<string, number>();

  constructor(private readonly most: number) {}

  get(stream: string): number | undefined {
    return this.#heads.get(stream);
  }

  /** Marks the stream as used last and lets the one used longest ago go. */
  set(stream: string, head: number): void {
    this.#heads.delete(stream);
    this.#heads.set(stream, head);
    if (this.#heads.size <= this.most) return;
    for (const oldest of this.#heads.keys()) {
      this.#heads.delete(oldest);
      return;
    }
  }

  clear(): void {
    this.#heads.clear();
  }
}
