import { describe, expect, it } from '@jest/globals';
import { illFormedAt, isVisible } from './text.js';

describe('a name', () => {
  it.each(['Ada', '7', '?', '☂', '日本', 'ა', 'é', '👩‍👩‍👧', '\uE000', ' a '])('can be seen: %j', (text) =>
    expect(isVisible(text)).toBe(true),
  );

  it.each([
    ['nothing', ''],
    ['blanks', ' \t\n\u00A0\u3000'],
    ['a space of no width', '\u200B'],
    ['joiners', '\u200D\u200C\u2060\uFEFF'],
    ['marks of direction', '\u202E\u200F\u2067'],
    ['a mark without a letter', '\u0301'],
    ['a variation selector', '\uFE0F'],
    ['a filler', '\u3164\u115F\u1160\uFFA0'],
    ['braille without dots', '\u2800'],
    ['controls', '\u0000\u0007'],
    ['half a character', '\uD83D'],
    ['a tag', '\u{E0041}'],
  ])('cannot be seen: %s', (_, text) => expect(isVisible(text)).toBe(false));

  it('cannot be seen where there is none', () => expect([undefined, null].map(isVisible)).toEqual([false, false]));
});

describe('a text', () => {
  it.each([
    ['nothing', '', undefined],
    ['a pair', 'a😀', undefined],
    ['a first half', 'ab\uD83D', 2],
    ['a second half', '\uDE00b', 0],
    ['halves the wrong way round', 'a\uDE00\uD83D', 1],
    ['U+0000', 'Ada\0', 3],
    ['both', 'a\0\uD83D', 1],
  ])('is ill-formed where it holds half a character or U+0000: %s', (_, text, place) =>
    expect(illFormedAt(text)).toBe(place),
  );
});
