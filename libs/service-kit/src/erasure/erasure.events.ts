import type { Actor, DomainEvent } from '@rapport/kernel';
import type { SignedReceipt } from '@rapport/privacy';

/**
 * A person was erased, and no process can hold a key of theirs any more: whoever knows something about one of these ids
 * forgets it now.
 */
export type PersonForgotten = DomainEvent<
  'PersonForgotten',
  {
    readonly id: string;
    readonly ids: readonly string[];
    /** Uploads that named the person. */
    readonly files?: readonly string[];
  }
>;

/** Everything that follows from an erasure is done in this context. It says nothing about the person. */
export type ErasureReceiptWritten = DomainEvent<'ErasureReceiptWritten', ErasureReceipt>;

export interface ErasureReceipt {
  /** Of the person's record. */
  readonly id: string;
  readonly erasedAt: string;
  readonly actor: Actor;
  /** How many facts of the record lost their personal fields. */
  readonly events: number;
  readonly digest: string;
  /** What was done here; receipts of older versions do not say. */
  readonly part?: ErasurePart;
}

/** What one context did because of an erasure. It says nothing about the person. */
export interface ErasurePart {
  readonly context: string;
  readonly state: 'done';
  readonly doneAt: string;
  /** The person's keys that are gone from the keyring. */
  readonly keys: number;
  /** Facts that hold something about the person, which nobody can read any more. */
  readonly facts: number;
  /** Uploads that named the person, whose keys are gone too; older versions did not count them, nor the next. */
  readonly files?: number;
  /** Read models that have forgotten the person, purged of what they said before. */
  readonly views?: number;
  /** How often something about the person was taken along before, as a file, and the last of these times. */
  readonly taken: number;
  readonly takenAlong: readonly TakenAlong[];
}

/** Somebody took data along as a file. */
export interface TakenAlong {
  readonly at: string;
  readonly method: string;
  readonly actor: Actor;
  /** What the file was about. */
  readonly recordIds: readonly string[];
}

/** Everything that follows here from an erasure in another context is done. */
export type ErasurePartDone = DomainEvent<
  'ErasurePartDone',
  { readonly from: string; readonly id: string; readonly part: ErasurePart }
>;

/** What another context did because of an erasure that began here. */
export type ErasurePartNoted = DomainEvent<'ErasurePartNoted', { readonly part: ErasurePart }>;

/** Every context has done its part. */
export type ErasureReceiptSigned = DomainEvent<'ErasureReceiptSigned', SignedReceipt>;

export type ErasureEvent =
  PersonForgotten | ErasureReceiptWritten | ErasurePartDone | ErasurePartNoted | ErasureReceiptSigned;
