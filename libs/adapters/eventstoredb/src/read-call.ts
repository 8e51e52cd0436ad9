import type { StreamingRead } from '@eventstore/db-client';
import { Pulled } from './pulled.js';
import { closedStore, Unanswered } from './waiting.js';

/** A server that gives nothing for so long while somebody waits for an event is lost. */
const LONGEST_SILENCE = 5_000;

/** One read on the server, which ends with {@link close}; the client would leave it open. */
export class ReadCall<E> {
  readonly #pulled: Pulled<E>;

  constructor(
    private readonly read: StreamingRead<E>,
    private readonly closing: AbortSignal,
  ) {
    this.#pulled = new Pulled(read);
    // The client says nothing of a call that it has cancelled itself.
    closing.addEventListener('abort', this.#closed);
  }

  /** Next event that has come, if one has. */
  take(): E | null {
    return this.#pulled.take();
  }

  /** Waits for more to take; false at the end. @throws what the call failed with */
  async more(): Promise<boolean> {
    if (!(await this.#pulled.arrival(LONGEST_SILENCE))) this.#pulled.end(new Unanswered(LONGEST_SILENCE));
    const { over, due, taken, failure } = this.#pulled;
    if (!over || due > taken) return true;
    if (failure !== undefined) throw failure;
    return false;
  }

  close(): void {
    this.closing.removeEventListener('abort', this.#closed);
    this.read.cancel().catch(() => undefined);
  }

  readonly #closed = (): void => this.#pulled.end(closedStore());
}
