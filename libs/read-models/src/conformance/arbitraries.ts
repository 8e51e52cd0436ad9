import fc from 'fast-check';
import { where, type Filter, type FilterValue, type Operator } from '../filter/filter.js';
import type { FieldType, Sort } from '../read-model-store.js';
import type { Fields } from '../filter/check-filter.js';
import { OPEN_FIELDS, THINGS, type Thing } from './subject.js';

// Few values, so that filters often match and sorts often tie.
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'A',
    'ä',
    'ab',
    'Äb',
    'b',
    'a%',
    '_',
    '😀',
    '\uFFFD',
    '\u0000',
    '\uD800',
    'ﬁ',
    'İ',
    'Σ',
    '"',
    '\n',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const number = fc.constantFrom(-3, -0.5, 0, 1, 2, 1e12);
const day = fc.constantFrom('2025-12-31', '2026-01-01', '2026-01-02');
const time = fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', '2026-01-02T00:00:00.5Z');
const wrong = fc.constantFrom<unknown>(null, undefined, {}, [], 5, 'x', true);
const orWrong = (values: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 4, arbitrary: values }, { weight: 1, arbitrary: wrong });

export const thing: fc.Arbitrary<Omit<Thing, 'tenant' | 'id'>> = fc.record({
  name: orWrong(text),
  stage: orWrong(fc.constantFrom('open', 'won')),
  amount: orWrong(fc.record({ minor: orWrong(number) })),
  active: orWrong(fc.boolean()),
  day: orWrong(day),
  at: orWrong(time),
  tags: orWrong(fc.array(orWrong(text), { maxLength: 3 })),
});

const VALUES: Readonly<Record<FieldType, fc.Arbitrary<FilterValue>>> = {
  text,
  number,
  boolean: fc.boolean(),
  date: day,
  time: fc.oneof(time, day),
  texts: text,
};
const ORDERED: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>=', 'has', 'present'];
const OPERATORS: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: [...ORDERED, 'starts-with'],
  number: ORDERED,
  boolean: ['=', '!=', 'has', 'present'],
  date: ORDERED,
  time: ORDERED,
  texts: ['=', '!=', 'has', 'starts-with', 'present'],
};

const comparisonOver = (fields: Fields): fc.Arbitrary<Filter> =>
  fc
    .constantFrom<[string, FieldType]>(...Object.entries(fields))
    .chain(([field, type]) =>
      fc
        .oneof(
          { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...OPERATORS[type]), VALUES[type]) },
          { weight: 1, arbitrary: fc.tuple(fc.constantFrom<Operator>('=', '!='), fc.constant(null)) },
        )
        .map(([operator, value]) => where(field, operator, value)),
    );

const filterOver = (fields: Fields): fc.Arbitrary<Filter> =>
  fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparisonOver(fields),
      fc.record({
        kind: fc.constantFrom<'and' | 'or'>('and', 'or'),
        terms: fc.array(tie('filter'), { maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant<'not'>('not'), term: tie('filter') }),
    ),
  })).filter;

export const filter = filterOver(THINGS.fields);

/** A document that says something in fields of its tenant, of any type, or not at all. */
export const openThing = fc
  .tuple(
    thing,
    fc.record({
      'own.word': orWrong(text),
      'own.size': orWrong(number),
      'own.active': orWrong(fc.boolean()),
      'own.day': orWrong(day),
      'own.at': orWrong(time),
      'own.tags': orWrong(fc.array(orWrong(text), { maxLength: 3 })),
      'own.price': orWrong(fc.record({ minor: orWrong(number), currency: orWrong(fc.constantFrom('EUR', 'USD')) })),
    }),
  )
  .map(([declared, open]) => ({ ...declared, ...open }));

export const openFilter = filterOver({ ...THINGS.fields, ...OPEN_FIELDS });

export const openSort: fc.Arbitrary<Sort[]> = fc.array(
  fc.record({
    field: fc.constantFrom('name', 'own.word', 'own.size', 'own.active', 'own.day', 'own.at', 'own.price.minor'),
    descending: fc.boolean(),
  }),
  { maxLength: 3 },
);

export const sort: fc.Arbitrary<Sort[]> = fc.array(
  fc.record({
    field: fc.constantFrom('name', 'stage', 'amount.minor', 'active', 'day', 'at'),
    descending: fc.boolean(),
  }),
  { maxLength: 3 },
);

/** The same with a plus for every text above U+FFFF. */
export const withoutAstral = <T>(task: T): T =>
  JSON.parse(JSON.stringify(task).replaceAll(/[\u{10000}-\u{10FFFF}]/gu, '+')) as T;
