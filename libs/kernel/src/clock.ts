/** The only way to ask for the time; tests give their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until told otherwise. */
export const fixedClock = (instant: string): Clock & { set(instant: string): void } => {
  let current = new Date(instant);
  return {
    now: () => current,
    set: (next) => {
      current = new Date(next);
    },
  };
};

/** An RFC 3339 time, also one in a leap second, which JavaScript has no moment for: it counts as the end of the second before. */
export const instantOf = (text: string): Date => new Date(text.replace(/:60(?:\.\d+)?(?=[zZ+-])/, ':59.999'));
