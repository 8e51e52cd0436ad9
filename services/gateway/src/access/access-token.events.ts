import { type DomainEvent, type EventCatalogue, UNCHANGED } from '@rapport/kernel';

/** Somebody may act from now on. The secret itself is nowhere, only its digest. */
export type AccessTokenIssued = DomainEvent<
  'AccessTokenIssued',
  {
    readonly name: string;
    readonly roles: readonly string[];
    /** SHA-256 of the secret, in hexadecimal. */
    readonly digest: string;
    /** RFC 3339; never when absent. */
    readonly expiresAt?: string;
  }
>;

/** It ends at once, and for good. */
export type AccessTokenRevoked = DomainEvent<'AccessTokenRevoked', Record<never, never>>;

export type AccessTokenEvent = AccessTokenIssued | AccessTokenRevoked;

export const ACCESS_TOKEN = 'accessToken';

export const accessTokenEvents: EventCatalogue<AccessTokenEvent> = {
  AccessTokenIssued: UNCHANGED,
  AccessTokenRevoked: UNCHANGED,
};
