import type { Endable } from '../faults/fault-switchboard.js';
import type { ServiceFailure } from '../wire/failures.js';

/** What is used of a call whose answer is a stream. */
interface StreamingCall<Answer> {
  write(answer: Answer): boolean;
  end(): void;
  emit(event: 'error', failure: ServiceFailure): boolean;
  on(event: 'drain' | 'cancelled', listener: () => void): unknown;
}

/** A streaming answer that goes only as fast as the client reads. */
export class Outlet<Answer> implements Endable {
  #open = true;
  #drained: (() => void) | undefined;
  readonly #whenClosed: (() => void)[] = [];

  constructor(private readonly call: StreamingCall<Answer>) {
    call.on('drain', () => this.#resume());
    call.on('cancelled', () => this.#close());
  }

  /** False once the call is over, whoever ended it. */
  get open(): boolean {
    return this.#open;
  }

  /** A promise when the next message has to wait for it; what is written to a call that is over is lost. */
  write(answer: Answer): Promise<void> | undefined {
    if (!this.#open || this.call.write(answer)) return undefined;
    return new Promise((resolve) => (this.#drained = resolve));
  }

  finish(failure?: ServiceFailure): void {
    if (!this.#open) return;
    if (failure) this.call.emit('error', failure);
    else this.call.end();
    this.#close();
  }

  onClose(listener: () => void): void {
    this.#whenClosed.push(listener);
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#resume();
    for (const listener of this.#whenClosed) listener();
  }

  #resume(): void {
    const resolve = this.#drained;
    this.#drained = undefined;
    resolve?.();
  }
}
