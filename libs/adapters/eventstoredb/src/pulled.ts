/** The part of a readable that the client's own types have in common. */
export interface PulledSource {
  readonly readableLength: number;
  read(): unknown;
  on(event: string, listener: (failure?: Error) => void): unknown;
}

/**
 * A readable of the client, taken from as fast as wanted: what has come is there without a promise for each event. It
 * listens for errors for ever, because one that nobody hears ends the process.
 */
export class Pulled<E> {
  /** Events given so far. */
  taken = 0;
  /** Nothing more comes; what is buffered can still be taken. */
  over = false;
  failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(private readonly source: PulledSource) {
    source.on('readable', this.rouse);
    source.on('end', () => this.end());
    source.on('close', () => this.end());
    source.on('error', (failure) => this.end(failure));
  }

  /** How many will have been taken when everything buffered now is gone. */
  get due(): number {
    return this.taken + this.source.readableLength;
  }

  take(): E | null {
    const event = this.source.read() as E | null;
    if (event !== null) this.taken += 1;
    return event;
  }

  /** Waits until there may be something new; false when there was nothing in time. To be called when all has been taken. */
  arrival(milliseconds: number): Promise<boolean> {
    if (this.over || milliseconds <= 0) return Promise.resolve(this.over);
    return new Promise((resolve) => {
      const settle = (arrived: boolean): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(arrived);
      };
      const timer = milliseconds < Infinity ? setTimeout(settle, milliseconds, false) : undefined;
      this.#wake = () => settle(true);
    });
  }

  readonly rouse = (): void => this.#wake?.();

  end(failure?: Error): void {
    if (!this.over) this.failure = failure;
    this.over = true;
    this.rouse();
  }
}
