import { recordProjection } from '@rapport/service-kit';
import { product } from '../../domain/product/product.js';

export const products = recordProjection(product, {
  name: 'products',
  fields: {
    name: 'text',
    series: 'text',
    'price.minor': 'number',
    'price.currency': 'text',
    externalId: 'text',
  },
  indexes: [['name'], ['externalId']],
});
