import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { phoneKeyOf } from './phone.js';

describe('a telephone number', () => {
  it.each(['+44 20 7946 0000', '0044 20 7946 0000', '+44 (0)20 7946-0000', 'tel:+442079460000', ' +44.20.7946.0000 '])(
    'is one however it is written: %s',
    (phone) => {
      expect(phoneKeyOf(phone)).toBe('+442079460000');
    },
  );

  it('without a country is not taken for one with a country', () => {
    expect(phoneKeyOf('020 7946 0000')).toBe('02079460000');
  });

  it('has a key that is its own key', () => {
    fc.assert(fc.property(fc.string(), (phone) => expect(phoneKeyOf(phoneKeyOf(phone))).toBe(phoneKeyOf(phone))));
  });
});
