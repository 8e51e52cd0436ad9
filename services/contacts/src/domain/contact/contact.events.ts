import type { MergeEvent, ProtectedEvent, Sharable } from '@rapport/kernel';

/** What is known about a person; the names are the contract's, which also marks the personal ones. */
export interface ContactFields extends Sharable {
  /** "Mr.", "Dr." */
  readonly salutation?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly title?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly otherEmails?: readonly string[];
  readonly otherPhones?: readonly string[];
  readonly address?: PostalAddress;
  /** `1815-12-10` */
  readonly birthDate?: string;
  readonly description?: string;
  readonly accountId?: string;
  readonly ownerId?: string;
  readonly teamId?: string;
  readonly tags?: readonly string[];
  readonly externalId?: string;
}

export interface PostalAddress {
  readonly street?: string;
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

/**
 * ContactCreated, ContactEdited, ContactArchived, ContactRestored, ContactChangeUndone, ContactErased, ContactHoldPlaced,
 * ContactHoldLifted, ContactProcessingRestricted, ContactRestrictionLifted, ContactRectified; ContactMergedInto, ContactMerged,
 * ContactUnmerged, ContactSplitOff.
 */
export type ContactEvent = ProtectedEvent<'Contact', ContactFields> | MergeEvent<'Contact', ContactFields>;
