import type { Money, ProtectedEvent, Sharable } from '@rapport/kernel';

/** What is known about a lead; the names are the contract's, which also marks the personal ones. */
export interface LeadFields extends Sharable {
  readonly salutation?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly title?: string;
  /** As the person calls it. */
  readonly company?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly website?: string;
  readonly description?: string;
  /** `new`, `working`, `qualified`, `unqualified`; `converted` by converting it only. */
  readonly status?: string;
  /** `hot`, `warm`, `cold`. */
  readonly rating?: string;
  readonly source?: string;
  /** What the link of a campaign says of it. Whoever makes links writes anything there, addresses too. */
  readonly utmSource?: string;
  readonly utmMedium?: string;
  readonly utmCampaign?: string;
  readonly utmTerm?: string;
  readonly utmContent?: string;
  readonly unqualifiedReason?: string;
  readonly amount?: Money;
  readonly ownerId?: string;
  readonly teamId?: string;
  readonly tags?: readonly string[];
  readonly externalId?: string;
}

/**
 * LeadCreated, LeadEdited, LeadArchived, LeadRestored, LeadChangeUndone, LeadErased, LeadHoldPlaced, LeadHoldLifted,
 * LeadProcessingRestricted, LeadRestrictionLifted, LeadRectified.
 */
export type LeadEvent = ProtectedEvent<'Lead', LeadFields>;
