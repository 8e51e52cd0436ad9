/** Shorter words are looked for as they are written. */
export const LEAST_LETTERS = 4;
/** Nobody types a longer one from memory. */
const MOST_LETTERS = 20;

/** Before what is left of a word without one of its letters. */
const WITHOUT_ONE = '~';

/** A text without one of its letters, each way once. */
const deletionsOf = (letters: readonly string[]): readonly string[] => [
  ...new Set(letters.map((_, at) => letters.toSpliced(at, 1).join(''))),
];

/**
 * Keys that a word has in common with the same word with a typing mistake in it: two words that differ by a letter more, fewer or
 * another, or by two neighbours the other way round, become the same where each loses a letter, or one of them does.
 */
export const nearKeysOf = (word: string): readonly string[] => {
  const letters = [...word];
  if (letters.length < LEAST_LETTERS || letters.length > MOST_LETTERS) return [];
  return deletionsOf(letters).map((left) => WITHOUT_ONE + left);
};

/** Keys one of which whatever was meant by a word that was typed has; none for a word that is too short to be mistaken. */
export const nearKeysFor = (asked: string): readonly string[] => {
  const letters = [...asked];
  if (letters.length < LEAST_LETTERS || letters.length > MOST_LETTERS) return [];
  const left = deletionsOf(letters);
  return [...left, ...[asked, ...left].map((each) => WITHOUT_ONE + each)];
};

/** Whether somebody who typed one word may have meant the other, by one mistake. False where they are the same. */
export const isSimilar = (asked: string, word: string): boolean => {
  const [one, other] = [[...asked], [...word]];
  if (one.length < LEAST_LETTERS || Math.max(one.length, other.length) > MOST_LETTERS || asked === word) return false;
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let from = 0;
  while (from < short.length && short[from] === long[from]) from += 1;
  const same = (skippedShort: number, skippedLong: number): boolean =>
    short.slice(from + skippedShort).join('') === long.slice(from + skippedLong).join('');
  if (long.length > short.length) return same(0, 1);
  const isTurned = short[from] === long[from + 1] && short[from + 1] === long[from];
  return same(1, 1) || (isTurned && same(2, 2));
};
