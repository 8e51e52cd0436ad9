import { turn } from '@rapport/kernel';

/**
 * The same pieces, with whoever else waits let in between two of them: reading from a local disk and taking rows apart never
 * leave the thread by themselves, so that a large file would stop every other request. Ends with the signal's reason.
 */
export async function* inTurns(
  pieces: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    yield piece;
    await turn();
    signal?.throwIfAborted();
  }
}
