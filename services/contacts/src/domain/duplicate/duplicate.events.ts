import type { DomainEvent } from '@rapport/kernel';

/** Two contacts by their ids, the lesser one first. */
export interface PairOfContacts {
  readonly contactId: string;
  readonly otherContactId: string;
}

/** Two accounts, likewise. */
export interface PairOfAccounts {
  readonly accountId: string;
  readonly otherAccountId: string;
}

export type PairOfRecords = PairOfContacts | PairOfAccounts;

/** How much speaks for two records meaning one, by all that both say. */
export interface Likeness {
  readonly score: number;
  readonly verdict: 'likely' | 'certain';
}

/** Somebody said that they are two people, or two companies. */
export type DuplicateDismissed = DomainEvent<'DuplicateDismissed', PairOfRecords>;

/** That was taken back. */
export type DuplicateReopened = DomainEvent<'DuplicateReopened', Record<string, never>>;

/** Rapport found that they look like one; again, where the likeness is another than before. */
export type DuplicateFound = DomainEvent<'DuplicateFound', PairOfRecords & Likeness>;

/** They do not look like one any more, or one of them is not in use any more. */
export type DuplicateLost = DomainEvent<'DuplicateLost', Record<string, never>>;

/** One of them was merged into the other. */
export type DuplicateMerged = DomainEvent<'DuplicateMerged', Record<string, never>>;

export type DuplicateEvent = DuplicateDismissed | DuplicateReopened | DuplicateFound | DuplicateLost | DuplicateMerged;
