/** Cuts a stream into pieces of a size, the last one smaller. What is waiting never exceeds one piece and one chunk. */
export async function* pieces(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer, void, undefined> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    waiting.push(chunk);
    bytes += chunk.length;
    while (bytes > size) {
      const whole = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting, bytes);
      yield whole.subarray(0, size);
      bytes -= size;
      waiting = [whole.subarray(size)];
    }
  }
  // Also when nothing came at all: an empty file has an empty last piece.
  yield Buffer.concat(waiting, bytes);
}
