import { searchKey } from '@rapport/read-models';
import { nearKeysOf } from './similar.js';
import { digitsOf, reversed, wordKeys } from './words.js';

/**
 * How a field is looked through: by its words, mistakes forgiven; by the parts of an e-mail address; by the digits of a phone
 * number, from either end; or exactly, as the key of the same record in another system.
 */
export type SearchedBy = 'words' | 'email' | 'phone' | 'key';

/** Before a number that is written from its end, and before a key that is asked for as a whole. */
export const FROM_THE_END = '<';
export const WHOLE = '=';

/** Raise it when the same fields give other keys: lists are built anew. */
export const RECORD_KEYS_VERSION = 2;

/** Of a longer text the first words are looked through. */
const MOST_WORDS = 24;
export const LEAST_DIGITS = 4;

/** What a field's value is found by, each once; nothing where there is nothing to find. */
export const recordKeysOf = (by: SearchedBy, value: unknown): readonly string[] => {
  const texts = (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');
  return [...new Set(texts.flatMap((text) => KEYS[by](text)))];
};

const KEYS: Readonly<Record<SearchedBy, (text: string) => readonly string[]>> = {
  words: (text) =>
    wordKeys(text)
      .slice(0, MOST_WORDS)
      .flatMap((word) => [word, ...nearKeysOf(word)]),
  email: (text) => {
    const address = searchKey(text.trim());
    const at = address.lastIndexOf('@');
    const domain = address.slice(at + 1);
    return [address, ...wordKeys(address.slice(0, Math.max(at, 0))), domain];
  },
  phone: (text) => {
    const digits = digitsOf(text);
    return digits.length < LEAST_DIGITS ? [] : [digits, FROM_THE_END + reversed(digits)];
  },
  key: (text) => [WHOLE + searchKey(text.trim())],
};
