import type { ResourceLimits } from 'node:worker_threads';
import { getHeapStatistics } from 'node:v8';

/**
 * How the memory of the two threads is managed, in MB. V8 by itself lets the space for new objects grow to 100 MB and more
 * per thread, and the one for old objects to four times of what is in use before it tidies up; below 2 GB it is
 * content with twice.
 */
const NEW_PER_HALF = 16;
const MOST_OLD = 1_900;
/** New objects of the thread that follows: three halves of 8 MB. */
const NEW_OF_FOLLOWERS = 24;

const BYTES_PER_MEGABYTE = 2 ** 20;

/** Never more than Node itself would take on this machine. */
const old = (): number => Math.min(MOST_OLD, Math.floor(getHeapStatistics().heap_size_limit / BYTES_PER_MEGABYTE));

/** What Node has to be told before the program: it cannot be said any more once the program runs. */
export const nodeOptions = (): readonly string[] => [
  `--max-semi-space-size=${NEW_PER_HALF}`,
  `--max-old-space-size=${old()}`,
];

export const followersHeap = (): ResourceLimits => ({
  maxYoungGenerationSizeMb: NEW_OF_FOLLOWERS,
  maxOldGenerationSizeMb: old(),
});
