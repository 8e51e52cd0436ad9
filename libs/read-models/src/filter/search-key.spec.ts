import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareText, searchKey, wellFormed } from './search-key.js';

describe('searchKey', () => {
  it.each([
    ['Ångström', 'angstrom'],
    ['ÉCOLE', 'ecole'],
    ['ﬁnance', 'finance'],
    ['İstanbul', 'istanbul'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['Straße', 'strasse'],
    ['STRASSE', 'strasse'],
    ['GROẞ', 'gross'],
    ['Łukasz', 'lukasz'],
    ['Đoàn', 'doan'],
    ['Æther', 'aether'],
    ['Ǽsir', 'aesir'],
    ['Øystein Ǿ', 'oystein o'],
    ['Œuvre', 'oeuvre'],
    ['Þór Guðmundsson', 'thor gudmundsson'],
    ['ISPARTA ısparta', 'isparta isparta'],
    ['Ħal Għaxaq', 'hal ghaxaq'],
    ['が', 'か\u3099'],
  ])('of %s is %s', (text, key) => {
    expect(searchKey(text)).toBe(key);
  });

  it('of a key is the key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => expect(searchKey(searchKey(text))).toBe(searchKey(text))),
    );
  });
});

describe('compareText', () => {
  it('orders as UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'binary' }).map(wellFormed);
    const property = fc.property(text, text, (a, b) => {
      expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    });
    fc.assert(property);
  });
});
