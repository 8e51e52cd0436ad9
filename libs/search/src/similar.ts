/** Shorter words are looked for as they are written. */
export const LEAST_LETTERS = 4;
/** From here on two mistakes are forgiven, one towards each end. */
export const LONG_LETTERS = 8;
/** So many letters are an end of a long word. */
const END_LETTERS = 4;

/** Before what is left of a word without one of its letters; before that of the two ends of a long word. */
export const WITHOUT_ONE = '~';
export const AT_THE_START = '^';
export const AT_THE_END = '$';

/** A text without one of its letters, each way once. */
export const deletionsOf = (text: string): readonly string[] => {
  const letters = [...text];
  return [...new Set(letters.map((_, at) => letters.toSpliced(at, 1).join('')))];
};

/**
 * Keys that a word with a typing mistake has in common with it: of two words that differ by a letter more, fewer or another, or
 * by two neighbours the other way round, both become the same where each loses a letter, or one of them does.
 */
export const nearKeysOf = (word: string): readonly string[] => {
  const letters = [...word];
  if (letters.length < LEAST_LETTERS) return [];
  if (letters.length < LONG_LETTERS) return deletionsOf(word).map((left) => WITHOUT_ONE + left);
  const { start, end } = endKeysOf(letters);
  return [...start, ...end];
};

/** What a word that was typed may have in common with the one that was meant: one of `any`, or one of each of `both`. */
export interface NearKeys {
  readonly any: readonly string[];
  readonly both?: readonly [start: readonly string[], end: readonly string[]];
}

/** Undefined for a word that is too short to be mistaken. */
export const nearKeysFor = (asked: string): NearKeys | undefined => {
  const letters = [...asked];
  if (letters.length < LEAST_LETTERS) return undefined;
  const left = deletionsOf(asked);
  const short = letters.length < LONG_LETTERS ? [asked, ...left].map((each) => WITHOUT_ONE + each) : [];
  if (letters.length < LONG_LETTERS - 1) return { any: [...left, ...short] };
  const { start, end } = endKeysOf(letters);
  return { any: [...left, ...short], both: [start, end] };
};

/** Whether somebody who typed one word may have meant the other. False where they are the same. */
export const isSimilar = (asked: string, word: string): boolean => {
  const length = [...asked].length;
  if (length < LEAST_LETTERS || asked === word) return false;
  const isLong = length >= LONG_LETTERS && [...word].length >= LONG_LETTERS;
  return mistakesBetween(asked, word, isLong ? 2 : 1) <= (isLong ? 2 : 1);
};

const endKeysOf = (
  letters: readonly string[],
): { readonly start: readonly string[]; readonly end: readonly string[] } => {
  const [start, end] = [letters.slice(0, END_LETTERS).join(''), letters.slice(-END_LETTERS).join('')];
  return {
    start: [start, ...deletionsOf(start)].map((each) => AT_THE_START + each),
    end: [end, ...deletionsOf(end)].map((each) => AT_THE_END + each),
  };
};

/** Letters more, fewer and others, and neighbours the other way round; anything above `most` where there are more. */
export const mistakesBetween = (one: string, other: string, most: number): number => {
  const [left, right] = [[...one], [...other]];
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let [before, last] = [[] as number[], Array.from({ length: right.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const another = last[j - 1]! + Number(left[i - 1] !== right[j - 1]);
      const turned = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      row[j] = Math.min(another, last[j]! + 1, row[j - 1]! + 1, turned ? before[j - 2]! + 1 : Infinity);
    }
    [before, last] = [last, row];
  }
  return last[right.length]!;
};
