import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn for many keys and nonces at once: one system call instead of thousands. */
const POOL_BYTES = 8_192;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** `count` fresh random bytes of their own, at most a few dozen. No trace of them stays in the pool. */
export const drawRandomBytes = (count: number): Buffer => {
  if (used + count > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const drawn = Buffer.from(pool.subarray(used, used + count));
  pool.fill(0, used, (used += count));
  return drawn;
};
