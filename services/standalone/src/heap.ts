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
/** So much is kept free at the end of an arena, rather than given back. */
const TRIM_BYTES = 2 ** 17;

/** Never more than Node itself would take on this machine. */
const old = (): number => Math.min(MOST_OLD, Math.floor(getHeapStatistics().heap_size_limit / BYTES_PER_MEGABYTE));

/** What Node has to be told before the program: it cannot be said any more once the program runs. */
export const nodeOptions = (): readonly string[] => [
  `--max-semi-space-size=${NEW_PER_HALF}`,
  `--max-old-space-size=${old()}`,
];

/**
 * What the C library has to be told before the process begins; another than that of GNU takes no notice. By itself it gives each
 * of a dozen threads an arena, keeps what is freed in all of them, and raises the size from which it gives memory back.
 */
export const memoryEnvironment = (): Readonly<Record<string, string>> => ({
  MALLOC_ARENA_MAX: '2',
  MALLOC_TRIM_THRESHOLD_: String(TRIM_BYTES),
});

export const followersHeap = (): ResourceLimits => ({
  maxYoungGenerationSizeMb: NEW_OF_FOLLOWERS,
  maxOldGenerationSizeMb: old(),
});
