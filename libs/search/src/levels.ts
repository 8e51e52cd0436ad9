import { and, or, where, type Filter } from '@rapport/read-models';
import type { Piece, Question } from './question.js';
import { FROM_THE_END, type SearchedBy, WHOLE } from './record-keys.js';
import { nearKeysFor } from './similar.js';
import { reversed } from './words.js';

/** A field that is looked through. */
export interface SearchedField {
  readonly name: string;
  readonly by: SearchedBy;
  /** Where documents hold what {@link recordKeysOf} makes of it. */
  readonly keys: string;
  /** People call the record by it. */
  readonly isTitle: boolean;
}

/** How well a record fits, best first: each level has all that the one before it has. */
export const LEVELS = ['exact', 'exact', 'prefix', 'prefix', 'similar', 'similar'] as const;

export type Fit = (typeof LEVELS)[number];

/**
 * What documents have whose every word fits at a level or better: among what people call the record by (even levels), then in
 * any field. Undefined where no field is left to look through,
 * or the level has no more than the one before.
 */
export const conditionOf = (
  { pieces, whole, digits }: Question,
  fields: readonly SearchedField[],
  level: number,
): Filter | undefined => {
  const fit = LEVELS[level]!;
  const isAnywhere = level % 2 === 1;
  // Nothing is found that was not found before.
  if (fit === 'similar' && pieces.every(({ words }) => words.every((word) => nearKeysFor(word).length === 0)))
    return undefined;
  const titles = fields.filter(({ isTitle }) => isTitle);
  const read = isAnywhere ? fields : titles;
  const words = longestFirst(pieces).map((piece) => {
    if (fit !== 'similar') return pieceCondition(piece, read, fit);
    return anyOf([pieceCondition(piece, fields, 'prefix'), nearCondition(piece, read)]);
  });
  const all = words.every((each) => each !== undefined) ? [words.length === 1 ? words[0]! : and(...words)] : [];
  if (level === 0) return anyOf(all);
  const phone = digits === undefined ? [] : numbers(fields, digits, fit);
  const keys = of(fields, 'key').map((field) => where(field.keys, 'has', WHOLE + whole));
  return anyOf([...all, ...phone, ...keys]);
};

/** The longest leads to the fewest. */
const longestFirst = (pieces: readonly Piece[]): readonly Piece[] => {
  const length = ({ words }: Piece): number => Math.max(...words.map((word) => word.length));
  return [...pieces].sort((one, other) => length(other) - length(one));
};

const of = (fields: readonly SearchedField[], ...by: readonly SearchedBy[]): readonly SearchedField[] =>
  fields.filter((field) => by.includes(field.by));

const OPERATOR = { exact: 'has', prefix: 'starts-with' } as const;

const pieceCondition = (
  { words, marked }: Piece,
  fields: readonly SearchedField[],
  fit: 'exact' | 'prefix',
): Filter | undefined => {
  const within = (word: string, read: readonly SearchedField[]): Filter | undefined =>
    anyOf(read.map((field) => where(field.keys, OPERATOR[fit], word)));
  const each = words.map((word) => within(word, of(fields, 'words', 'email', 'phone')));
  const apart = each.every((one) => one !== undefined) ? [each.length === 1 ? each[0]! : and(...each)] : [];
  return anyOf([...apart, marked === undefined ? undefined : within(marked, of(fields, 'email'))]);
};

/** Its words may each have a mistake; undefined where none of them can. */
const nearCondition = ({ words }: Piece, fields: readonly SearchedField[]): Filter | undefined => {
  const read = of(fields, 'words');
  if (words.every((word) => nearKeysFor(word).length === 0)) return undefined;
  const each = words.map((word) =>
    anyOf(
      read.flatMap(({ keys }) => [
        where(keys, 'starts-with', word),
        ...nearKeysFor(word).map((key) => where(keys, 'has', key)),
      ]),
    ),
  );
  return each.every((one) => one !== undefined) ? (each.length === 1 ? each[0] : and(...each)) : undefined;
};

const numbers = (fields: readonly SearchedField[], digits: string, fit: Fit): readonly Filter[] =>
  of(fields, 'phone').flatMap(({ keys }) =>
    fit === 'exact'
      ? [where(keys, 'has', digits)]
      : [where(keys, 'starts-with', digits), where(keys, 'starts-with', FROM_THE_END + reversed(digits))],
  );

const anyOf = (conditions: readonly (Filter | undefined)[]): Filter | undefined => {
  const some = conditions.filter((each) => each !== undefined);
  return some.length === 0 ? undefined : or(...some);
};
