import { describe, expect, it } from '@jest/globals';
import { textProblems } from './text-problems.js';
import { Validation } from './validation.js';

describe('the texts of a request', () => {
  it('may hold anything that is a character, and nothing else, wherever they stand', () => {
    expect(textProblems({ name: 'Zürich 😀\n', tags: ['a'], more: { n: 1, none: null } })).toEqual([]);
    const body = { name: 'Ada\0', tags: ['ok', '\uD83D'], address: { 'a/b': 'x\uDE00' } };
    expect(textProblems(body).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/name', 'ill-formed-text'],
      ['/tags/1', 'ill-formed-text'],
      ['/address/a~1b', 'ill-formed-text'],
    ]);
    expect(textProblems(body)[0]!.message).toBe('"name" holds U+0000 at place 4. Take it out.');
  });

  it('are looked at with every schema', () => {
    const validate = new Validation().compile({ type: 'object', properties: { name: { type: 'string' } } });
    expect(validate({ name: 'Ada' })).toEqual([]);
    expect(validate({ name: 'A\0' })).toMatchObject([{ pointer: '/name', code: 'ill-formed-text' }]);
  });
});
