import { describe, expect, it } from '@jest/globals';
import { matches, searchKey } from '@rapport/read-models';
import fc from 'fast-check';
import {
  conditionOf,
  isSimilar,
  LEVELS,
  matchesIn,
  questionOf,
  recordKeysOf,
  type SearchedBy,
  type SearchedField,
} from './index.js';

const field = (name: string, by: SearchedBy, isTitle = false): SearchedField => ({
  ...{ name, by, isTitle, keys: `search.${name}` },
});
const FIELDS = [
  ...[field('first', 'words', true), field('last', 'words', true), field('role', 'words')],
  ...[field('email', 'email'), field('phone', 'phone'), field('key', 'key')],
];
const TYPES = Object.fromEntries(FIELDS.map(({ keys }) => [keys, 'texts' as const]));

type Person = { readonly [name: string]: string | undefined };

const documentOf = (person: Person) =>
  Object.fromEntries(FIELDS.map(({ name, by, keys }) => [keys, recordKeysOf(by, person[name])]));

/** The level at which a question finds somebody; undefined where it does not. */
const levelOf = (q: string, person: Person, fields = FIELDS): number | undefined => {
  const document = documentOf(person);
  const at = LEVELS.findIndex((_, level) => {
    const condition = conditionOf(questionOf(q), fields, level);
    return condition !== undefined && matches(condition, document, { fields: TYPES });
  });
  return at < 0 ? undefined : at;
};

const letter = fc.constantFrom(...'abcdeßłéüo');
const name = (minLength: number, maxLength: number) => fc.string({ unit: letter, minLength, maxLength });
const person = fc.record({ first: name(1, 12), last: name(1, 12), role: name(1, 12) });

/** A word with one mistake in it: a letter taken away, put in or replaced, or two turned round. */
const mistaken = (from: fc.Arbitrary<string>): fc.Arbitrary<readonly [word: string, asked: string]> =>
  fc
    .tuple(from, fc.nat(), fc.constantFrom('away', 'in', 'other', 'turned'), fc.constantFrom(...'abcxyz'))
    .map(([word, place, kind, other]) => {
      const letters = [...word];
      const at = place % letters.length;
      const [gone, put] = {
        away: [1, []],
        in: [0, [other]],
        other: [1, [other]],
        turned: [2, letters.slice(at, at + 2).reverse()],
      }[kind as 'in'] as [number, string[]];
      return [word, letters.toSpliced(at, gone, ...put).join('')] as const;
    });

const plain = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: min, maxLength: max });

/** Letters more, fewer and others, and neighbours the other way round. */
const mistakesBetween = (one: string, other: string): number => {
  const rows = [Array.from({ length: other.length + 1 }, (_, n) => n)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const turned = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        rows[i - 1]![j - 1]! + Number(one[i - 1] !== other[j - 1]),
        ...[rows[i - 1]![j]! + 1, row[j - 1]! + 1, turned ? rows[i - 2]![j - 2]! + 1 : Infinity],
      );
    }
    rows.push(row);
  }
  return rows[one.length]![other.length]!;
};

describe('what somebody types', () => {
  it('finds whoever has all of its words, as they are or as they begin, in any order and spelling', () => {
    const cut = fc.nat({ max: 11 });
    fc.assert(
      fc.property(person, cut, cut, fc.boolean(), (somebody, a, b, isTurned) => {
        const start = (text: string, n: number): string => [...text].slice(0, n + 1).join('');
        const words = [start(somebody.first, a), start(somebody.last, b)];
        const q = (isTurned ? words.toReversed() : words).join(' ').toUpperCase();
        const isWhole = words[0] === somebody.first && words[1] === somebody.last;
        expect(levelOf(q, somebody)).toBeLessThanOrEqual(isWhole ? 0 : 2);
      }),
    );
  });

  it('finds a word of four letters and more with a mistake in it', () => {
    fc.assert(
      fc.property(mistaken(plain(3, 14)), ([word, asked]) => {
        if ([...asked].length < 4 || word === '') return;
        expect(levelOf(asked, { last: word })).toBeDefined();
        if (asked !== word) expect(isSimilar(asked, word)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nobody by more mistakes than are forgiven, once what was found is looked at', () => {
    fc.assert(
      fc.property(plain(2, 12), plain(2, 12), (asked, word) => {
        const isFound = matchesIn(questionOf(asked), FIELDS, (each) => ({ last: word })[each]) !== undefined;
        expect(isFound).toBe(word.startsWith(asked) || (asked.length >= 4 && mistakesBetween(asked, word) <= 1));
        if (isFound) expect(levelOf(asked, { last: word })).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('says of whomever keys lead to where it stands, unless two words are less alike than their keys', () => {
    const asked = fc.tuple(plain(1, 9), plain(1, 9)).map((words) => words.join(' '));
    fc.assert(
      fc.property(asked, fc.record({ first: plain(1, 9), last: plain(1, 9) }), (q, somebody) => {
        const level = levelOf(q, somebody);
        const found = matchesIn(questionOf(q), FIELDS, (each) => (somebody as Person)[each]);
        if (level !== undefined && level < 4) expect(found).toBeDefined();
        if (level === undefined) expect(found).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('finds names before other fields, and what is the same before what begins so before what is similar', () => {
    const somebody = { first: 'Anna', last: 'Smith', role: 'Manager' };
    const levels = ['anna', 'manager', 'ann', 'manag', 'annna', 'manadger'].map((q) => levelOf(q, somebody));
    expect(levels).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('does not find by a field that is left out', () => {
    const somebody = { first: 'Anna', last: 'Smith', email: 'anna@one.example', phone: '+44 20 7946 0000', key: 'K' };
    const seen = FIELDS.filter(({ name: each }) => each === 'first');
    for (const q of ['smith', 'smiht', 'one.example', '0000', '7946 0000'])
      expect(levelOf(q, somebody, seen)).toBeUndefined();
    expect(levelOf('anna', somebody, seen)).toBe(0);
    expect(levelOf('anna', somebody, [])).toBeUndefined();
  });

  it('finds an address by its parts, a number from either end, and a key as it is', () => {
    const somebody = { email: 'Anna.Smith@Mail.One.example', phone: '+44 (0)20 7946-0000', key: 'A 7/3' };
    for (const q of ['anna', 'smith', 'anna.smith@mail.one.example', 'anna.smi', 'mail.one', 'smith anna'])
      expect(levelOf(q, somebody)).toBeLessThan(4);
    for (const q of ['+44 020', '0044 020 7946', '7946-0000', '79460000']) expect(levelOf(q, somebody)).toBeLessThan(4);
    for (const q of ['A 7/3', 'a 7/3']) expect(levelOf(q, somebody)).toBe(1);
    for (const q of ['A 7', 'nna', 'mith', '46 00']) expect(levelOf(q, somebody)).toBeUndefined();
  });
});

describe('what somebody types and cannot be looked for', () => {
  it.each([
    ['', 'nothing-to-search'],
    [' \t', 'nothing-to-search'],
    ['?!', 'nothing-to-search'],
    ['ß', undefined],
    ['x', 'too-short'],
    ['1 .', 'too-short'],
    ['a b c d e f g h i j', undefined],
    ['a b c d e f g h i j k', 'too-many-words'],
  ])('is refused: %j', (q, code) => {
    const asking = () => questionOf(q);
    if (code === undefined) expect(asking).not.toThrow();
    else expect(asking).toThrow(expect.objectContaining({ code, kind: 'invalid' }));
  });

  it('is never anything that throws otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (q) => {
        try {
          questionOf(q);
        } catch (failure) {
          expect(failure).toMatchObject({ kind: 'invalid' });
          return;
        }
        for (let level = 0; level < LEVELS.length; level += 1) conditionOf(questionOf(q), FIELDS, level);
        expect(searchKey(q)).toEqual(expect.any(String));
      }),
    );
  });
});
