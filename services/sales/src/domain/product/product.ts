import { needsName, type RecordState, recordDecider } from '@rapport/kernel';
import type { ProductFields } from './product.events.js';

export type ProductState = RecordState<ProductFields>;

export const product = recordDecider<'Product', ProductFields>('product', 'Product', needsName('A product'));
