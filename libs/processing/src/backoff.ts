/** Milliseconds before the next try: 50, 100, 200 … at most 5 seconds. */
export const backoff = (attempt: number): number => Math.min(5_000, 50 * 2 ** Math.min(attempt - 1, 10));

/** Waits, or returns at once when the signal aborts. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish);
  });

/** Does the work until it succeeds; rethrows its failure once the signal has aborted. */
export const untilDone = async <T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  trouble?: (failure: unknown, attempt: number) => void,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (failure) {
      if (signal.aborted) throw failure;
      trouble?.(failure, attempt);
      await pause(backoff(attempt), signal);
    }
  }
};
