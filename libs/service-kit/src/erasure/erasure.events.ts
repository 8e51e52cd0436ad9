import type { Actor, DomainEvent } from '@rapport/kernel';

/**
 * A person was erased, and no process can hold a key of theirs any more: whoever knows something about one of these ids
 * forgets it now.
 */
export type PersonForgotten = DomainEvent<'PersonForgotten', { readonly id: string; readonly ids: readonly string[] }>;

/** Everything that follows from an erasure is done. It says nothing about the person. */
export type ErasureReceiptWritten = DomainEvent<'ErasureReceiptWritten', ErasureReceipt>;

export interface ErasureReceipt {
  /** Of the person's record. */
  readonly id: string;
  readonly erasedAt: string;
  readonly actor: Actor;
  /** How many facts lost their personal fields. */
  readonly events: number;
  readonly digest: string;
}

export type ErasureEvent = PersonForgotten | ErasureReceiptWritten;
