import { describe, expect, it } from '@jest/globals';
import { DomainError, timeZone } from '@rapport/kernel';
import { and, not, or, where } from './filter.js';
import { FILTER_LIMITS, parseFilter } from './parse-filter.js';

const FIELDS = {
  name: 'text',
  'amount.minor': 'number',
  active: 'boolean',
  day: 'date',
  at: 'time',
  tags: 'texts',
} as const;

const [a, b, c] = [where('a', '=', 1), where('b', '=', 2), where('c', '=', 3)];

const problemOf = (text: string, fields?: typeof FIELDS): DomainError => {
  try {
    parseFilter(text, fields);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
};

describe('parseFilter', () => {
  it.each([
    ['', and()],
    ['a=1', a],
    ['a=1 AND b=2 c=3', and(a, b, c)],
    ['a=1 AND b=2 OR c=3', and(a, or(b, c))],
    ['a=1 OR b=2 AND c=3', and(or(a, b), c)],
    ['(a=1 AND b=2) OR c=3', or(and(a, b), c)],
    ['NOT a=1 b=2', and(not(a), b)],
    ['-a=1 OR -(b=2)', or(not(a), not(b))],
    ['a.b_c-d != -1.5e3', where('a.b_c-d', '!=', -1500)],
    ['name = Won', where('name', '=', 'Won')],
    ['name = "Won"', where('name', '=', 'Won')],
    [`name = 'it\\'s'`, where('name', '=', "it's")],
    ['name = "1"', where('name', '=', '1')],
    ['name = true', where('name', '=', true)],
    ['name != null', where('name', '!=', null)],
    ['name:*', where('name', 'present', null)],
    ['name:"*"', where('name', 'has', '*')],
    ['name:a*', where('name', 'has', 'a*')],
    ['name = "Ac*"', where('name', 'starts-with', 'Ac')],
    ['name != Ac*', not(where('name', 'starts-with', 'Ac'))],
    ['name = "Ac\\*"', where('name', '=', 'Ac*')],
    ['name = "Ac\\\\*"', where('name', 'starts-with', 'Ac\\')],
    ['name = "a*c"', where('name', '=', 'a*c')],
    ['name < "a*"', where('name', '<', 'a*')],
    ['at >= 2026-01-01T10:00:00Z', where('at', '>=', '2026-01-01T10:00:00Z')],
    ['url = https://example.com/?a=b', where('url', '=', 'https://example.com/?a=b')],
  ])('reads %s', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter);
  });

  it.each([
    ['name = 007', where('name', '=', '007')],
    ['name = true', where('name', '=', 'true')],
    ['name = null', where('name', '=', null)],
    ['name = "null"', where('name', '=', 'null')],
    ['amount.minor > "12.50"', where('amount.minor', '>', 12.5)],
    ['active = "false"', where('active', '=', false)],
    ['day:2024-02-29', where('day', '=', '2024-02-29')],
    ['at < 2026-01-01T01:00:00.1234+01:00', where('at', '<', '2026-01-01T00:00:00.123Z')],
    ['at < 2026-01-01', where('at', '<', '2026-01-01T00:00:00.000Z')],
    ['tags:5', where('tags', 'has', '5')],
    ['tags = a*', where('tags', 'starts-with', 'a')],
  ])('converts %s to its field’s type', (text, filter) => {
    expect(parseFilter(text, FIELDS)).toEqual(filter);
  });

  it.each([
    ['nmae = x', 'at character 0: found the unknown field "nmae", expected one of the fields name,'],
    ['name = x AND tag:y', 'at character 13: found the unknown field "tag", expected one of the fields tags,'],
    ['amount.minor > many', 'at character 15: found "many", expected a number for field "amount.minor"'],
    ['amount.minor > 1e999', 'at character 15: found "1e999", expected a number'],
    ['active = yes', 'at character 9: found "yes", expected true or false for field "active"'],
    ['day = 2026-02-29', 'at character 6: found "2026-02-29", expected a date as YYYY-MM-DD for field "day"'],
    ['day = 2100-02-29', 'expected a date as YYYY-MM-DD'],
    ['at = noon', 'at character 5: found "noon", expected a time as'],
    ['active < true', 'expected for field "active" (boolean) one of = != has present'],
    ['day = 2026*', 'expected for field "day" (date)'],
    ['day < null', 'found null, expected a value for "<" on field "day"'],
    ['name', 'at character 4: found the end, expected an operator after "name"'],
    ['name = x and day = 2026-01-01', 'expected an operator after "and" (write AND in capitals)'],
    ['name =', 'at character 6: found the end, expected a value for field "name"'],
    ['name == x', 'at character 6: found "= x", expected a value'],
    ['name = "x', `at character 7: found "\\"x", expected a closing "`],
    ['(name = x', 'at character 9: found the end, expected ")" for the "(" at character 0'],
    ['name = x)', 'at character 8: found ")", expected AND, OR or the end'],
    ['AND name = x', 'at character 0: found "AND", expected a field name'],
    ['name = x OR', 'at character 11: found the end, expected a field name'],
    ['$where = 1', 'at character 0: found "$where = 1", expected a field name'],
    ['__proto__ = 1', 'found the unknown field "__proto__"'],
  ])('refuses %s', (text, message) => {
    const problem = problemOf(text, FIELDS);
    expect(problem).toMatchObject({ kind: 'invalid', code: 'bad-filter' });
    expect(problem.message).toContain(message);
    expect(problem.details.fields).toEqual([{ pointer: '/filter', code: 'bad-filter', message: problem.message }]);
  });

  it('has bounds on length, depth and number of terms', () => {
    const { length, depth, terms } = FILTER_LIMITS;
    expect(problemOf('x'.repeat(length + 1)).message).toContain(`at most ${length} characters`);
    const nested = (n: number) => `${'('.repeat(n)}a=1${')'.repeat(n)}`;
    expect(parseFilter(nested(depth - 1))).toEqual(a);
    expect(problemOf(nested(depth)).message).toContain(`at most ${depth} levels`);
    expect(problemOf(`${'NOT '.repeat(2000)}a=1`).message).toContain(`at most ${depth} levels`);
    expect(parseFilter('a=1 '.repeat(terms))).toMatchObject({ terms: { length: terms } });
    expect(problemOf('a=1 '.repeat(terms + 1)).message).toContain(`at most ${terms} comparisons`);
  });

  it('has a bound on what reads every text, and says what to write instead', () => {
    const { searches } = FILTER_LIMITS;
    for (const search of ['name:"x" ', 'name="x*" ', 'tags:"x" ']) {
      expect(parseFilter(search.repeat(searches), FIELDS)).toMatchObject({ terms: { length: searches } });
      const { message } = problemOf(search.repeat(searches + 1), FIELDS);
      expect(message).toContain(`at most ${searches} comparisons that search in texts (write =`);
    }
    expect(problemOf('anything:x '.repeat(searches + 1)).message).toContain('search in texts');
    expect(parseFilter('amount.minor:1 name:* '.repeat(searches + 1), FIELDS)).toMatchObject({ kind: 'and' });
  });

  it('takes a day for its beginning where somebody is', () => {
    const asked = 'at >= 2026-01-01 AND at < "2026-01-02T00:00:00Z" AND day = 2026-01-01';
    const [from, to, day] = ['2026-01-01T08:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-01'];
    expect(parseFilter(asked, FIELDS, timeZone('America/Los_Angeles'))).toEqual(
      and(where('at', '>=', from), where('at', '<', to), where('day', '=', day)),
    );
    expect(parseFilter('at < 2026-01-01', FIELDS)).toEqual(where('at', '<', '2026-01-01T00:00:00.000Z'));
  });
});
