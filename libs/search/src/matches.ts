import { searchKey } from '@rapport/read-models';
import type { SearchedField } from './levels.js';
import type { Piece, Question } from './question.js';
import { isSimilar } from './similar.js';
import { digitsOf, wordsIn } from './words.js';

/** A field in which something that was asked for was found, and the piece of it as it is written there. */
export interface Match {
  readonly field: string;
  readonly text: string;
}

/**
 * Where what was asked for stands in a record, for each word the best place, each place once; undefined where a word stands
 * nowhere.
 * @param valueOf what the record says in a field: a text, a list of them, or nothing
 */
export const matchesIn = (
  { pieces, whole, digits }: Question,
  fields: readonly SearchedField[],
  valueOf: (field: string) => unknown,
): readonly Match[] | undefined => {
  const places = fields.flatMap((field) => textsIn(valueOf(field.name)).map((text) => ({ field, text })));
  const one = places.find(({ field, text }) => isWhole(field, text, whole, digits));
  if (one) return [{ field: one.field.name, text: one.text }];
  const found = pieces.flatMap((piece) => pieceIn(piece, places));
  return found.some((match) => match === undefined) ? undefined : eachOnce(found as readonly Match[]);
};

interface Place {
  readonly field: SearchedField;
  readonly text: string;
}

const isWhole = ({ by }: SearchedField, text: string, whole: string, digits: string | undefined): boolean => {
  if (by === 'key') return searchKey(text.trim()) === whole;
  if (by !== 'phone' || digits === undefined) return false;
  const number = digitsOf(text);
  return number.startsWith(digits) || number.endsWith(digits);
};

const pieceIn = ({ words, marked }: Piece, places: readonly Place[]): readonly (Match | undefined)[] => {
  const addressed = marked === undefined ? undefined : places.find(({ field, text }) => isIn(field, text, marked));
  if (addressed) return [{ field: addressed.field.name, text: addressed.text }];
  return words.map((word) => bestOf(places, word));
};

const isIn = ({ by }: SearchedField, text: string, marked: string): boolean => {
  const address = searchKey(text.trim());
  return (
    by === 'email' && (address.startsWith(marked) || address.slice(address.lastIndexOf('@') + 1).startsWith(marked))
  );
};

/** The first place of those that fit best. */
const bestOf = (places: readonly Place[], asked: string): Match | undefined => {
  let best: { readonly fit: number; readonly match: Match } | undefined;
  for (const { field, text } of places) {
    for (const [word, written] of readAs(field, text)) {
      const fit = fitOf(asked, word, field.by === 'words');
      if (fit > (best?.fit ?? 0)) best = { fit, match: { field: field.name, text: written } };
    }
  }
  return best?.match;
};

const readAs = ({ by }: SearchedField, text: string): readonly (readonly [word: string, written: string])[] => {
  if (by === 'words') return wordsIn(text).map(({ key, written }) => [key, written]);
  if (by === 'phone') return [[digitsOf(text), text]];
  if (by !== 'email') return [];
  const address = searchKey(text.trim());
  const local = wordsIn(address.slice(0, Math.max(address.lastIndexOf('@'), 0)));
  return [...local.map(({ key }) => [key, text] as const), [address.slice(address.lastIndexOf('@') + 1), text]];
};

const fitOf = (asked: string, word: string, isForgiving: boolean): number => {
  if (asked === word) return 3;
  if (word.startsWith(asked)) return 2;
  return isForgiving && isSimilar(asked, word) ? 1 : 0;
};

const textsIn = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string');

const eachOnce = (matches: readonly Match[]): readonly Match[] => [
  ...new Map(matches.map((match) => [`${match.field}\n${match.text}`, match])).values(),
];
