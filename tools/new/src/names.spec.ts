import { describe, expect, it } from '@jest/globals';
import { namesOf, pluralOf, recordNames } from './names.js';

describe('names', () => {
  it('have the forms that code, contract and addresses want', () => {
    expect(namesOf('priceBook')).toEqual({
      camel: 'priceBook',
      pascal: 'PriceBook',
      snake: 'price_book',
      kebab: 'price-book',
      words: 'price book',
    });
    expect(recordNames('offer')).toMatchObject({ indefinite: 'an offer', many: { camel: 'offers' } });
    expect(recordNames('child', 'children').many.pascal).toBe('Children');
  });

  it.each([
    ['ticket', 'tickets'],
    ['reply', 'replies'],
    ['survey', 'surveys'],
    ['address', 'addresses'],
    ['batch', 'batches'],
    ['priceBook', 'priceBooks'],
  ])('of many: %s, %s', (one, many) => expect(pluralOf(one)).toBe(many));
});
