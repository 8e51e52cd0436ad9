import type { DomainEvent, Money, ProtectedEvent, Sharable } from '@rapport/kernel';

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
  /** The form that it came in by, and a contact who has the same address. */
  readonly formId?: string;
  readonly knownContactId?: string;
  /** What follows of its conversion; RFC 3339 UTC with milliseconds. */
  readonly convertedAt?: string;
  readonly convertedAccountId?: string;
  readonly convertedContactId?: string;
  readonly convertedOpportunityId?: string;
  /** What has to be known to take it back. */
  readonly conversion?: { readonly made: readonly Made[]; readonly statusBefore: string };
}

/** What a conversion can make. */
export type Made = 'account' | 'contact' | 'opportunity';

/** What becomes of a lead. */
export interface Conversion {
  readonly accountId?: string;
  readonly contactId: string;
  readonly opportunityId?: string;
  /** Those of them that are made of the lead. */
  readonly made: readonly Made[];
  /** What the new opportunity is to say. */
  readonly opportunity?: OpportunityOfLead;
}

/** As sales has it. */
export interface OpportunityOfLead {
  readonly name: string;
  readonly pipelineId?: string;
  readonly stageId?: string;
  readonly amount?: Money;
  readonly expectedCloseOn?: string;
  readonly ownerId?: string;
  readonly teamId?: string;
}

export type LeadConverted = DomainEvent<'LeadConverted', Conversion & { readonly convertedAt: string }>;

/** `because` is a code, where nobody asked for it. */
export type LeadConversionUndone = DomainEvent<'LeadConversionUndone', { readonly because?: string }>;

/**
 * LeadCreated, LeadEdited, LeadArchived, LeadRestored, LeadChangeUndone, LeadErased, LeadHoldPlaced, LeadHoldLifted,
 * LeadProcessingRestricted, LeadRestrictionLifted, LeadRectified; and that it became something else.
 */
export type LeadEvent = ProtectedEvent<'Lead', LeadFields> | LeadConverted | LeadConversionUndone;
