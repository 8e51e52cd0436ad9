import { salesV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf } from '@rapport/service-kit';
import { productHeaders } from '../imports/product-headers.js';
import { product } from '../domain/product/product.js';

/** What is sold. */
export const products = defineRecord({
  decider: product,
  contract: salesV1,
  plural: 'products',
  sort: [{ field: 'name' }],
  indexes: [['name']],
  lookups: [['externalId']],
  unlisted: ['description'],
  search: { title: ['name'], subtitle: ['series'], by: { name: 'words', series: 'words', externalId: 'key' } },
  import: {
    matchBy: ['externalId', 'name'],
    synonyms: productHeaders,
  },
});

export type ProductDocument = DocumentOf<typeof products>;
