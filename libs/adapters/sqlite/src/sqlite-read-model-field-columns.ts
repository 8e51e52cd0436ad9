import type { FieldType } from '@rapport/read-models';

/** One declared field as columns: the exact value and, where it is text, the key it is sorted and searched by. */
export interface FieldColumns {
  readonly field: string;
  readonly type: FieldType;
  readonly value: string;
  /** The same as `value` for what is no text. */
  readonly key: string;
  /** A tenant's own, which has no column: `value` and `key` lead into the one that holds all of those. */
  readonly open?: true;
}
