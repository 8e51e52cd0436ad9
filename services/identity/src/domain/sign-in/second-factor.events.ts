import type { DomainEvent } from '@rapport/kernel';

/** A secret for an app that shows codes was drawn. It does not count yet. */
export type SecondFactorProposed = DomainEvent<
  'SecondFactorProposed',
  {
    /** Base 32; sealed with the user's key. Absent once that is gone. */
    readonly secret?: string;
  }
>;

/** The app has shown a right code: from now on codes are asked for. */
export type SecondFactorConfirmed = DomainEvent<
  'SecondFactorConfirmed',
  {
    /** The step of time of the code, which is used up by that. */
    readonly step: number;
    /** SHA-256 of the codes for whoever loses the app, in hexadecimal. */
    readonly recovery: readonly string[];
  }
>;

/** Somebody came in with a code. No code of that time or before is good again. */
export type SecondFactorUsed = DomainEvent<'SecondFactorUsed', { readonly step: number }>;

/** Somebody came in with a code for who has lost the app. It is not good again. */
export type RecoveryCodeUsed = DomainEvent<'RecoveryCodeUsed', { readonly digest: string }>;

/** Codes are not asked for any more. */
export type SecondFactorRemoved = DomainEvent<'SecondFactorRemoved', Record<never, never>>;

export type SecondFactorEvent =
  SecondFactorProposed | SecondFactorConfirmed | SecondFactorUsed | RecoveryCodeUsed | SecondFactorRemoved;
