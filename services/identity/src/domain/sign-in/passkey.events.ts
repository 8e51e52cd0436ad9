import type { DomainEvent } from '@rapport/kernel';

/** A device of the user keeps a key that it signs in with. */
export type PasskeyEnrolled = DomainEvent<
  'PasskeyEnrolled',
  {
    readonly passkeyId: string;
    /** As the device calls the key; base64url. Sealed with the user's key, as what follows: absent once that is gone. */
    readonly credentialId?: string;
    /** COSE, base64url. */
    readonly publicKey?: string;
    /** What the user calls it. */
    readonly name?: string;
    /** How often the device has signed; devices that do not count say 0. */
    readonly counter: number;
    /** How the device is reached: `internal`, `usb`, … */
    readonly transports: readonly string[];
    /** When the challenge was made that it has answered: milliseconds since 1970. */
    readonly challengedAt: number;
  }
>;

/** Called otherwise from now on. */
export type PasskeyRenamed = DomainEvent<'PasskeyRenamed', { readonly passkeyId: string; readonly name?: string }>;

/** Somebody came in with it. No challenge of that time or before is good for it again. */
export type PasskeyUsed = DomainEvent<
  'PasskeyUsed',
  { readonly passkeyId: string; readonly counter: number; readonly challengedAt: number }
>;

/** Nobody comes in with it any more. */
export type PasskeyRemoved = DomainEvent<'PasskeyRemoved', { readonly passkeyId: string }>;

export type PasskeyEvent = PasskeyEnrolled | PasskeyRenamed | PasskeyUsed | PasskeyRemoved;
