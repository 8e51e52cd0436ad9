import { type ImportKind, planRecord, type RecordTarget, findByField } from '@rapport/imports';
import type { ProductFields } from '../domain/product/product.events.js';
import { product, type ProductState } from '../domain/product/product.js';
import type { Directory } from '../read-models/directory.js';

/** Rows about what is sold. */
export const productsImport = (directory: Directory, target: RecordTarget): ImportKind<ProductState> => ({
  kind: 'products',
  fields: [
    {
      name: 'name',
      label: 'name',
      type: 'text',
      maxLength: 300,
      required: true,
      synonyms: ['product', 'product name', 'item', 'title'],
    },
    {
      name: 'series',
      label: 'series',
      type: 'text',
      maxLength: 200,
      synonyms: ['family', 'product family', 'category'],
    },
    { name: 'price', label: 'price', type: 'money', synonyms: ['sales price', 'list price', 'unit price'] },
    { name: 'description', label: 'description', type: 'text', synonyms: ['details', 'notes'] },
    {
      name: 'externalId',
      label: 'key in the other system',
      type: 'text',
      maxLength: 200,
      synonyms: ['product id', 'product code', 'sku', 'id', 'external id'],
    },
  ],
  matchBy: ['externalId', 'name'],
  target,
  find: (scope, field, values) =>
    findByField(directory.products, scope, field === 'name' ? 'name' : 'externalId', values),
  plan: (row) => planRecord(product, row as unknown as ProductFields),
});
