import { DomainError } from '@rapport/kernel';
import { searchKey } from '@rapport/read-models';
import { LEAST_DIGITS } from './record-keys.js';
import { digitsOf, wordKeys } from './words.js';

/** What somebody looks for, taken apart. */
export interface Question {
  /** All of it, folded. */
  readonly whole: string;
  /** Each is to be found, in any order. */
  readonly pieces: readonly Piece[];
  /** Where nothing but a phone number was typed. */
  readonly digits?: string;
}

/** What was typed between spaces. */
export interface Piece {
  readonly words: readonly string[];
  /** With its marks, where it has any inside: an address, a domain. */
  readonly marked?: string;
}

const LEAST_CHARACTERS = 2;
const MOST_WORDS = 10;
const NUMBER = /^[\d\s()+./-]+$/;

/** @throws DomainError invalid where it says too little to look for, or more than a name has */
export const questionOf = (text: string): Question => {
  const pieces = text.trim().split(/\s+/u).map(pieceOf);
  const found = pieces.filter(({ words }) => words.length > 0);
  const words = found.flatMap((piece) => piece.words);
  if (words.length === 0)
    throw refused(
      'nothing-to-search',
      'There is no letter and no digit in it. Type a part of a name, an address or a number.',
    );
  if ([...words.join('')].length < LEAST_CHARACTERS)
    throw refused('too-short', `One letter finds too much. Type ${LEAST_CHARACTERS} letters or digits at least.`);
  if (words.length > MOST_WORDS)
    throw refused('too-many-words', `There are ${words.length} words in it. Leave ${MOST_WORDS} of them at most.`);
  const digits = NUMBER.test(text) ? digitsOf(text) : '';
  return { whole: searchKey(text.trim()), pieces: found, ...(digits.length >= LEAST_DIGITS && { digits }) };
};

const pieceOf = (text: string): Piece => {
  const words = wordKeys(text);
  const marked = searchKey(text.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''));
  return words.length > 1 ? { words, marked } : { words };
};

const refused = (code: string, message: string): DomainError =>
  new DomainError('invalid', code, message, { fields: [{ pointer: '/q', code, message }] });
