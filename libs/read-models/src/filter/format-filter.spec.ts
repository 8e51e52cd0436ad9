import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { and, not, or, where, type Filter, type FilterValue, type Operator } from './filter.js';
import { formatFilter } from './format-filter.js';
import { parseFilter } from './parse-filter.js';

const field = fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,5}(\.[a-z]{1,4})?$/);
const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('*', '\\*', '"', "'", 'null', 'true', '12', '', 'a b', '\n', '\\'),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const value: fc.Arbitrary<FilterValue> = fc.oneof(text, number, fc.boolean(), fc.constant(null));

const comparison: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .tuple(field, fc.constantFrom<Operator>('=', '!=', '<', '<=', '>', '>=', 'has'), value)
    .map(([name, operator, operand]) => where(name, operator, operand)),
  fc.tuple(field, text).map(([name, start]) => where(name, 'starts-with', start)),
  field.map((name) => where(name, 'present', null)),
);

const filter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    comparison,
    fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map((terms) => and(...terms)),
    fc.array(tie('filter'), { minLength: 2, maxLength: 3 }).map((terms) => or(...terms)),
    tie('filter').map(not),
  ),
})).filter;

describe('formatFilter', () => {
  it('writes what parseFilter reads as the same tree', () => {
    fc.assert(fc.property(filter, (tree) => expect(parseFilter(formatFilter(tree))).toEqual(tree)));
  });

  it('writes as people do', () => {
    const tree = and(
      where('stage', '=', 'Won'),
      or(where('amount.minor', '>', 1000), not(where('tags', 'has', 'vip'))),
    );
    expect(formatFilter(tree)).toBe('stage = "Won" AND (amount.minor > 1000 OR NOT tags:"vip")');
    expect(formatFilter(and())).toBe('');
    expect(() => formatFilter(or())).toThrow('expected terms in every or');
  });
});
