import { type RecordState, recordDecider, reject } from '@rapport/kernel';
import type { ProductFields } from './product.events.js';

export type ProductState = RecordState<ProductFields>;

export const product = recordDecider<'Product', ProductFields>('product', 'Product', ({ name }) =>
  name?.trim() ? undefined : reject('invalid', 'name-missing', 'A product needs a name.', '/name'),
);
