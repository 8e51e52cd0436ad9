import { type ImportField, type ImportKind, planRecord, type RecordTarget, findByField } from '@rapport/imports';
import { product, type ProductState } from '../domain/product/product.js';
import type { Directory } from '../read-models/directory.js';

/** Rows about what is sold. */
export const productsImport = (directory: Directory, target: RecordTarget): ImportKind<ProductState> => ({
  kind: 'products',
  message: 'rapport.sales.v1.Product',
  fields: FIELDS,
  matchBy: ['externalId', 'name'],
  target,
  find: (scope, field, values) =>
    findByField(directory.products, scope, field === 'name' ? 'name' : 'externalId', values),
  plan: (row) => planRecord(product, FIELDS, row),
});

const FIELDS: readonly ImportField[] = [
  {
    name: 'name',
    label: 'name',
    type: 'text',
    required: true,
    synonyms: ['product', 'product name', 'item', 'title'],
  },
  {
    name: 'series',
    label: 'series',
    type: 'text',
    synonyms: ['family', 'product family', 'category'],
  },
  { name: 'price', label: 'price', type: 'money', synonyms: ['sales price', 'list price', 'unit price'] },
  {
    name: 'currency',
    label: 'currency',
    type: 'currency',
    of: 'price',
    synonyms: ['currency code', 'currency iso code'],
  },
  { name: 'description', label: 'description', type: 'text', synonyms: ['details', 'notes'] },
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    synonyms: ['product id', 'product code', 'sku', 'id', 'external id'],
  },
];
