import { describe, expect, it } from '@jest/globals';
import { optionsOf } from './options.js';

const names = { standalone: ['create', 'list'], distributed: ['create', 'hops'], large: ['growth'] };

describe('optionsOf', () => {
  it('measures standalone, and writes the page, when nothing is said', () => {
    expect(optionsOf([], names)).toEqual({
      assembly: 'standalone',
      only: undefined,
      quick: false,
      json: false,
      write: true,
    });
  });

  it('knows the measurements of each assembly', () => {
    expect(optionsOf(['distributed', '--only', 'hops'], names)).toMatchObject({ only: 'hops', write: false });
    expect(() => optionsOf(['--only', 'hops'], names)).toThrow('There is no measurement "hops".');
  });

  it.each([['distributed', 'standalone'], ['compose']])('refuses %s %s', (...args) => {
    expect(() => optionsOf(args, names)).toThrow('is no assembly');
  });

  it('writes the page of a part when asked', () => {
    expect(optionsOf(['--quick', '--write'], names)).toMatchObject({ quick: true, write: true });
  });
});
