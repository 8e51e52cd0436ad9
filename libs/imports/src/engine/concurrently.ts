/**
 * Works on many items at a time, at most `limit`; items with the same key one after the other, in order. Stops handing out
 * items once one has failed, waits for those in hand and throws the first failure.
 */
export const concurrently = async <T>(
  items: readonly T[],
  limit: number,
  keyOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<void> => {
  const last = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  let next = 0;
  const attempt = async (item: T): Promise<void> => {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
  };
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const item = items[next++]!;
      const key = keyOf(item);
      const before = last.get(key);
      const mine = before ? before.then(() => attempt(item)) : attempt(item);
      last.set(key, mine);
      await mine;
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
};
