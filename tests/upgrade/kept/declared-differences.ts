import type { Answered } from './kept-data.js';

/**
 * What a client sees otherwise than before the upgrade, and why. Whatever is not declared here has to be the same.
 * A difference turns an answer of the program that made the data into the one that is expected now.
 */
interface Difference {
  readonly why: string;
  readonly differs: (asked: Answered) => boolean;
  readonly now: (answer: never) => unknown;
}

const DIFFERENCES: readonly Difference[] = [];

export const expectedNow = (asked: Answered, compared: unknown): unknown =>
  DIFFERENCES.reduce(
    (answer, { differs, now }) => (differs(asked) ? now(structuredClone(answer) as never) : answer),
    compared,
  );
