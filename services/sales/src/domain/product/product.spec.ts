import { describe, expect, it } from '@jest/globals';
import { product } from './product.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'p1' };

describe('a product', () => {
  it('comes to be and changes its price', () => {
    const price = { minor: 482100, currency: 'USD' };
    expect(product.decide.create(null, { name: 'GTX Pro', series: 'GTX' }, at)).toEqual([
      { type: 'ProductCreated', data: { name: 'GTX Pro', series: 'GTX' } },
    ]);
    expect(product.decide.edit({ name: 'GTX Pro', archived: false }, { set: { price } }, at)).toEqual([
      { type: 'ProductEdited', data: { set: { price } } },
    ]);
  });

  it('keeps a name', () => {
    expect(product.decide.create(null, { name: ' ' }, at)).toMatchObject({ code: 'name-missing', field: '/name' });
    expect(product.decide.edit({ name: 'GTX Pro', archived: false }, { set: { name: null } }, at)).toMatchObject({
      code: 'name-missing',
    });
  });
});
