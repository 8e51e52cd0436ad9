const LONGEST = 30_000;

/** Waits until the condition holds; rejects, naming it, when it never does. */
export const eventually = async (what: string, condition: () => boolean): Promise<void> => {
  const giveUpAt = performance.now() + LONGEST;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`Waited ${LONGEST / 1_000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

/** A promise that the test settles. */
export interface Gate {
  readonly passed: Promise<void>;
  readonly open: () => void;
}

export const gate = (): Gate => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
};
