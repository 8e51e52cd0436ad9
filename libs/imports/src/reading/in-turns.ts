import { turn } from '@rapport/kernel';

/** What is taken apart in one go: some milliseconds. */
const BYTES_AT_ONCE = 64 * 1024;

/**
 * The same bytes in smaller pieces, with whoever else waits let in between two of them: reading from a local disk and taking rows apart never
 * leave the thread by themselves, so that a large file would stop every other request. Ends with the signal's reason.
 */
export async function* inTurns(
  pieces: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    for (let at = 0; at < piece.length; at += BYTES_AT_ONCE) {
      yield piece.subarray(at, at + BYTES_AT_ONCE);
      await turn();
      signal?.throwIfAborted();
    }
  }
}
