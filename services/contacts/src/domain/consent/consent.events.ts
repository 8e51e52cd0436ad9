import type { DomainEvent } from '@rapport/kernel';

/** What somebody said, and what proves it; the names are the contract's, which also says whom each field is about. */
export interface ConsentFields {
  readonly contactId?: string;
  readonly address?: string;
  /** Keyed hash of the address. */
  readonly addressKey?: string;
  readonly channel: string;
  readonly topic?: string;
  readonly purpose?: string;
  /** `granted`, `withdrawn`, `objected`. */
  readonly state: string;
  readonly legalBasis?: string;
  readonly textVersion?: string;
  readonly text?: string;
  /** Gone with the proof, as the texts are. */
  readonly source?: string;
  readonly occurredAt: string;
  /** RFC 3339 UTC with milliseconds: until then the proof is kept. */
  readonly expiresAt: string;
  readonly byPerson?: true;
}

export type ConsentRecorded = DomainEvent<'ConsentRecorded', ConsentFields>;

/** The key that the proof is sealed with is destroyed because of it. */
export type ConsentProofExpired = DomainEvent<'ConsentProofExpired', Record<string, never>>;

export type ConsentEvent = ConsentRecorded | ConsentProofExpired;
