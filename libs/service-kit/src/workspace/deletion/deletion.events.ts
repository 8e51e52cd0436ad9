import type { DomainEvent } from '@rapport/kernel';
import type { SignedReceipt } from '@rapport/privacy';

/** Somebody wants a whole workspace deleted, and has time until then to think again. Told by identity, heard everywhere. */
export type WorkspaceDeletionRequested = DomainEvent<
  'WorkspaceDeletionRequested',
  {
    /** Under it the receipt is found afterwards; nobody can guess it. */
    readonly receiptId: string;
    readonly dueAt: string;
  }
>;

/** Somebody thought again. */
export type WorkspaceDeletionCancelled = DomainEvent<'WorkspaceDeletionCancelled', Record<never, never>>;

/** The time is over: nobody comes in any more. */
export type WorkspaceDeletionBegun = DomainEvent<'WorkspaceDeletionBegun', { readonly receiptId: string }>;

/** A record that stands above the deletion. */
export interface LegalHold {
  readonly object: string;
  readonly id: string;
}

/** The end of an audit trail. */
export interface EndOfTrail {
  readonly links: number;
  readonly hash: string;
}

/** What a context has found, because it was asked for a deletion or that began. */
export interface DeletionCheck {
  readonly receiptId: string;
  readonly context: string;
  /** The event that it was looked for. */
  readonly because: string;
  /** How many legal holds there are, and the first of them. */
  readonly held: number;
  readonly holds: readonly LegalHold[];
  /** What is there to be removed, and the end of the trail; once it has begun. */
  readonly found?: { readonly events: number; readonly streams: number; readonly documents: number };
  readonly trail?: EndOfTrail;
}

export type WorkspaceDeletionChecked = DomainEvent<'WorkspaceDeletionChecked', DeletionCheck>;

/** Something is on legal hold: nothing is deleted, and everything goes on. */
export type WorkspaceDeletionStopped = DomainEvent<
  'WorkspaceDeletionStopped',
  { readonly receiptId: string; readonly holds: readonly (LegalHold & { readonly context: string })[] }
>;

/** Nothing stands above it: every context removes what it has, and nothing brings it back. */
export type WorkspaceDeletionReleased = DomainEvent<'WorkspaceDeletionReleased', { readonly receiptId: string }>;

/** What a context has removed. */
export interface DeletionPart {
  readonly context: string;
  readonly doneAt: string;
  readonly events: number;
  readonly streams: number;
  readonly documents: number;
  /** Uploads and archives that were there when it was last begun; their keys are among the keys. */
  readonly files: number;
  /** Where the context's audit trail ended. */
  readonly trail?: EndOfTrail;
}

export type WorkspaceDeletionPartDone = DomainEvent<
  'WorkspaceDeletionPartDone',
  { readonly receiptId: string; readonly part: DeletionPart; readonly keys: number }
>;

/** Every context has removed what it had. */
export type WorkspaceDeletionReceiptSigned = DomainEvent<
  'WorkspaceDeletionReceiptSigned',
  { readonly receiptId: string; readonly signed: SignedReceipt }
>;

export type DeletionEvent =
  | WorkspaceDeletionRequested
  | WorkspaceDeletionCancelled
  | WorkspaceDeletionBegun
  | WorkspaceDeletionChecked
  | WorkspaceDeletionStopped
  | WorkspaceDeletionReleased
  | WorkspaceDeletionPartDone
  | WorkspaceDeletionReceiptSigned;
