import { describe, expect, it } from '@jest/globals';
import { DomainError } from '@rapport/kernel';
import { problemOf } from './problem.js';

describe('a problem', () => {
  it('says what was wrong, where, and what to do', () => {
    const fields = [{ pointer: '/name', code: 'name-missing', message: 'An account needs a name.' }];
    expect(problemOf(new DomainError('invalid', 'name-missing', 'An account needs a name.', { fields }))).toEqual({
      type: '/problems/name-missing',
      title: 'Name missing',
      status: 400,
      detail: 'An account needs a name.',
      code: 'name-missing',
      errors: fields,
    });
  });

  it('keeps the text of the unexpected to itself', () => {
    for (const failure of [new Error('secret path'), new DomainError('internal', 'x', 'secret path')]) {
      expect(problemOf(failure)).toMatchObject({ status: 500, code: 'internal' });
      expect(JSON.stringify(problemOf(failure))).not.toContain('secret');
    }
  });
});
