import type { Money, RecordEvent } from '@rapport/kernel';

export interface ProductFields {
  readonly name: string;
  /** The family of products it belongs to. */
  readonly series?: string;
  /** List price. */
  readonly price?: Money;
  readonly description?: string;
  readonly externalId?: string;
}

export type ProductEvent = RecordEvent<'Product', ProductFields>;
