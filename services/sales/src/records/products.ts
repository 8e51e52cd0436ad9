import { salesV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf } from '@rapport/service-kit';
import { product } from '../domain/product/product.js';

/** What is sold. */
export const products = defineRecord({
  decider: product,
  contract: salesV1,
  plural: 'products',
  sort: [{ field: 'name' }],
  indexes: [['name'], ['externalId']],
  unlisted: ['description'],
  import: {
    matchBy: ['externalId', 'name'],
    synonyms: {
      name: ['product', 'product name', 'item', 'title'],
      series: ['family', 'product family', 'category'],
      price: ['sales price', 'list price', 'unit price'],
      description: ['details', 'notes'],
      externalId: ['product id', 'product code', 'sku', 'id', 'external id'],
    },
  },
});

export type ProductDocument = DocumentOf<typeof products>;
