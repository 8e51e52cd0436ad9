import { StoreUnavailable } from '@rapport/event-store';
import { accessDenied } from './append-answer.js';
import { isDenied } from './client-failure.js';
import type { EventStoreDbParts } from './event-store-db-parts.js';
import { backoff, pause } from './waiting.js';

/** A read that gets no further for so long has failed. */
const MILLISECONDS = 10_000;

/** How long a read is tried again that gets nothing but failures. */
export class Patience {
  #failures = 0;
  #failingSince = 0;

  /** @param what is read */
  constructor(
    private readonly parts: EventStoreDbParts,
    private readonly what: string,
  ) {}

  /** Something was read. */
  renew(): void {
    this.#failures = 0;
  }

  /** Waits before the next try. @throws StoreUnavailable when there is to be none */
  async afterFailure(failure: unknown): Promise<void> {
    const { closing, trouble } = this.parts;
    if (isDenied(failure)) throw accessDenied(`read ${this.what}`, failure);
    this.#failures += 1;
    if (this.#failures === 1) this.#failingSince = performance.now();
    if (closing.aborted || performance.now() - this.#failingSince > MILLISECONDS) {
      throw new StoreUnavailable(`${this.what} cannot be read from EventStoreDB. Try again later.`, failure);
    }
    trouble?.(`read ${this.what}`, failure, this.#failures);
    await pause(backoff(this.#failures), closing);
  }
}
