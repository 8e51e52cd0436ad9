import { setTimeout as pause } from 'node:timers/promises';

/** The first value that is wanted, asking again and again. @throws Error with the last value when the time is up */
export const eventually = async <T>(
  ask: () => Promise<T> | T,
  wanted: (value: T) => boolean = Boolean,
  withinMilliseconds = 30_000,
): Promise<T> => {
  const end = Date.now() + withinMilliseconds;
  for (let wait = 2; ; wait = Math.min(wait * 2, 50)) {
    const value = await ask();
    if (wanted(value)) return value;
    if (Date.now() > end) throw new Error(`Waited in vain; the last was ${JSON.stringify(value)}`);
    await pause(wait);
  }
};
