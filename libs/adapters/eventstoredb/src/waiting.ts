import { setTimeout } from 'node:timers/promises';
import { StoreUnavailable } from '@rapport/event-store';

/** Nothing was heard from the server in time. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';

  constructor(milliseconds: number) {
    super(`EventStoreDB did not answer within ${Math.round(milliseconds)} ms.`);
  }
}

/** The promise's outcome, when it comes in time and before the signal; a later failure is nobody's. @throws Unanswered */
export const within = <T>(milliseconds: number, promise: Promise<T>, signal?: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new Unanswered(milliseconds));
    const timer = globalThis.setTimeout(giveUp, milliseconds);
    signal?.addEventListener('abort', giveUp);
    void promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    });
  });

/** Milliseconds before the next try: 25, 50, 100 … at most a second, and never the same for everybody. */
export const backoff = (attempt: number): number =>
  Math.min(1_000, 25 * 2 ** Math.min(attempt - 1, 10)) * (0.75 + Math.random() / 2);

/** Waits, or returns at once when the signal aborts. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);

export const closedStore = (): StoreUnavailable => new StoreUnavailable('The event store is closed.');
