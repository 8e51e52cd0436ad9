import { DomainError } from '@rapport/kernel';

/** Whom personal data is about: in Rapport, the aggregate that holds it. */
export interface Subject {
  readonly tenant: string;
  readonly id: string;
}

/** 256 bits for AES-GCM. Never logged, never stored unwrapped. */
export type SubjectKey = Buffer;

/**
 * One key per data subject. Destroying it is how a person is forgotten in a log that never changes.
 * A destroyed key never comes back: not from this store, its files, or a second `create`.
 */
export interface KeyStore {
  /** The subject's key, made and stored durably if it has none yet. @throws KeyDestroyed */
  create(subject: Subject): Promise<SubjectKey>;
  /** `undefined` when there never was one, `'destroyed'` after {@link destroy}. */
  find(subject: Subject): Promise<SubjectKey | 'destroyed' | undefined>;
  /** {@link find} for many at once, answered in their order: for a page of events in one go. */
  findMany(subjects: readonly Subject[]): Promise<readonly (SubjectKey | 'destroyed' | undefined)[]>;
  /** Idempotent: a second call answers with the first one's time. Resolves once no file of this store holds the key. */
  destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }>;
  close(): Promise<void>;
}

export class KeyDestroyed extends DomainError {
  constructor(subject: Subject) {
    super(
      'gone',
      'erased',
      `The person behind ${subject.id} was erased. Nothing can be added to that record; create a new one.`,
    );
  }
}
