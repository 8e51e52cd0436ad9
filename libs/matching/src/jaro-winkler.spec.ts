import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { oneSlipApart } from './edits.js';
import { jaroWinkler } from './jaro-winkler.js';
import { lettersOf, mostAlike } from './letters.js';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), maxLength: 10 });

describe('likeness of words by Jaro and Winkler', () => {
  it.each([
    ['martha', 'marhta', 0.961],
    ['dixon', 'dicksonx', 0.813],
    ['dwayne', 'duane', 0.84],
    ['jones', 'johnson', 0.832],
    ['abroms', 'abrams', 0.922],
    ['itman', 'smith', 0.467],
    ['abc', 'xyz', 0],
    ['', 'abc', 0],
  ])('%s and %s: %d, as published', (one, other, similarity) => {
    expect(jaroWinkler(one, other)).toBeCloseTo(similarity, 3);
  });

  it('lies between 0 and 1, is 1 for equal words alone, and is the same the other way round', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const similarity = jaroWinkler(one, other);
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
        expect(similarity === 1).toBe(one === other);
        expect(jaroWinkler(other, one)).toBe(similarity);
      }),
    );
  });

  it('never comes to more than what the letters of both allow', () => {
    const any = fc.oneof(word, fc.string({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 12 }));
    fc.assert(
      fc.property(any, any, (one, other) => {
        fc.pre(one !== '' && other !== '');
        const most = mostAlike({ text: one, letters: lettersOf(one) }, { text: other, letters: lettersOf(other) });
        expect(most).toBeGreaterThanOrEqual(jaroWinkler(one, other) - 1e-9);
      }),
    );
    expect(mostAlike({ text: 'abc', letters: lettersOf('abc') }, { text: 'xyz', letters: lettersOf('xyz') })).toBe(0);
  });
});

describe('one slip of the hand', () => {
  it('is a character more, fewer or another, or two neighbours turned round', () => {
    const place = fc.nat(10);
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 10 }),
        place,
        fc.string({ minLength: 1, maxLength: 1 }),
        (text, at, put) => {
          const cut = at % text.length;
          const slips = [
            text.slice(0, cut) + text.slice(cut + 1),
            text.slice(0, cut) + put + text.slice(cut),
            text.slice(0, cut) + put + text.slice(cut + 1),
            text.slice(0, cut) + (text[cut + 1] ?? '') + text[cut]! + text.slice(cut + 2),
          ];
          for (const slip of slips) {
            expect(oneSlipApart(text, slip)).toBe(text !== slip);
            expect(oneSlipApart(slip, text)).toBe(text !== slip);
          }
        },
      ),
    );
  });

  it('is not two', () => {
    expect(oneSlipApart('19610831', '19850614')).toBe(false);
    expect(oneSlipApart('abc', 'abcde')).toBe(false);
    expect(oneSlipApart('abcd', 'badc')).toBe(false);
  });
});
