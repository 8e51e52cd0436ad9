import type { ProtectedEvent } from '@rapport/kernel';

/** Somebody who works with Rapport. The contract marks what is personal: sealed in the stored event. */
export interface UserFields {
  readonly name: string;
  readonly email?: string;
  /** A person where it is not said; a service is a program, which comes in with keys only. */
  readonly kind?: string;
  readonly locale?: string;
  readonly timeZone?: string;
  readonly teamIds?: readonly string[];
  readonly roleIds?: readonly string[];
  readonly externalId?: string;
  readonly representativeId?: string;
  /** What a directory says of the person, as JSON: see {@link directoryOf}. */
  readonly directory?: string;
  /** Whom providers of sign-in know the user as. */
  readonly identities?: readonly { readonly issuer: string; readonly subject: string }[];
}

/**
 * UserCreated, UserEdited, UserArchived (deactivated), UserRestored (activated), UserChangeUndone, UserErased, UserHoldPlaced,
 * UserHoldLifted, UserProcessingRestricted, UserRestrictionLifted, UserRectified.
 */
export type UserEvent = ProtectedEvent<'User', UserFields>;
