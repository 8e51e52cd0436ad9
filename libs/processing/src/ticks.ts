import { pause } from './backoff.js';

/** A monotonic clock, in milliseconds, and a way to wait by it. Never compared with another process's. */
export interface Ticks {
  now(): number;
  /** Returns early when the signal aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** That of this process. */
export const monotonic: Ticks = { now: () => performance.now(), pause };
