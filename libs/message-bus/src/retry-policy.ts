import type { RetryPolicy } from './message-bus.js';

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, pauseMilliseconds: 100 };

const LONGEST_PAUSE = 60_000;

/** Milliseconds to wait after the given failed try (1 is the first): the pause, doubled with each further one, a minute at most. */
export const pauseAfter = (attempt: number, policy: RetryPolicy): number =>
  Math.min(policy.pauseMilliseconds * 2 ** (attempt - 1), LONGEST_PAUSE);
