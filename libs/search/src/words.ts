import { searchKey } from '@rapport/read-models';

/** Of a longer word the beginning is looked at, on either side. */
const LONGEST_WORD = 40;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** A word as it was written, and as it is compared: folded as lists fold text, at most 40 characters. */
export interface Word {
  readonly written: string;
  readonly key: string;
}

/** Letters and digits that stand together, in their order. */
export const wordsIn = (text: string): readonly Word[] =>
  (text.match(WORD) ?? []).flatMap((written) =>
    // What folding takes apart becomes words of its own.
    (searchKey(written).match(WORD) ?? []).map((key) => ({ written, key: shortened(key) })),
  );

/** The words of a text as they are compared, each once. */
export const wordKeys = (text: string): readonly string[] => [...new Set(wordsIn(text).map(({ key }) => key))];

/** The digits of a number that is called, as they are compared: neither `+` nor zeros before them. */
export const digitsOf = (text: string): string => text.replace(/\D/g, '').replace(/^0+/, '');

export const reversed = (text: string): string => [...text].reverse().join('');

const shortened = (word: string): string =>
  word.length > LONGEST_WORD ? [...word].slice(0, LONGEST_WORD).join('') : word;
