import type { DomainEvent } from '@rapport/kernel';

/** Two contacts by their ids, the lesser one first. */
export interface PairOfContacts {
  readonly contactId: string;
  readonly otherContactId: string;
}

/** Somebody said that they are two people. */
export type DuplicateDismissed = DomainEvent<'DuplicateDismissed', PairOfContacts>;

/** That was taken back. */
export type DuplicateReopened = DomainEvent<'DuplicateReopened', Record<string, never>>;

export type DuplicateEvent = DuplicateDismissed | DuplicateReopened;
