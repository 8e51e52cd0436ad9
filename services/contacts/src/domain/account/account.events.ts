import type { MergeEvent, Money, RecordEvent, Sharable } from '@rapport/kernel';

/** What is known about a company; the names are the contract's. */
export interface AccountFields extends Sharable {
  readonly name: string;
  readonly sector?: string;
  readonly yearEstablished?: number;
  readonly revenue?: Money;
  readonly employees?: number;
  readonly location?: string;
  readonly parentId?: string;
  readonly website?: string;
  readonly phone?: string;
  readonly ownerId?: string;
  readonly teamId?: string;
  readonly tags?: readonly string[];
  readonly description?: string;
  readonly externalId?: string;
}

/**
 * AccountCreated, AccountEdited, AccountArchived, AccountRestored, AccountChangeUndone; AccountMergedInto, AccountMerged,
 * AccountUnmerged, AccountSplitOff.
 */
export type AccountEvent = RecordEvent<'Account', AccountFields> | MergeEvent<'Account', AccountFields>;
