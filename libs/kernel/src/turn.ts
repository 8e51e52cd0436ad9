const waiting: (() => void)[] = [];

/**
 * Resolves in a turn of the event loop of its own: of all who wait for one, one goes on in each. So what costs much is done in
 * stretches, and however many callers ask for such things, everybody else waits for one stretch and not for all of them.
 */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(next);
  });

const next = (): void => {
  waiting.shift()!();
  if (waiting.length > 0) setImmediate(next);
};
