import { DomainError } from '@rapport/kernel';

/** Whom personal data is about: in Rapport, the aggregate that holds it. */
export interface Subject {
  readonly tenant: string;
  readonly id: string;
}

/** 256 bits for AES-GCM. Never logged, never stored unwrapped. */
export type SubjectKey = Buffer;

/** What a store keeps of a subject: its key, or when that was destroyed. */
export type KeyEntry = { readonly subject: Subject } & (
  { readonly key: SubjectKey; readonly destroyedAt?: never } | { readonly destroyedAt: string; readonly key?: never }
);

/**
 * One key per data subject. Destroying it is how a person is forgotten in a log that never changes.
 * A destroyed key never comes back: not from this store, its files, or a second `create`.
 */
export interface KeyStore {
  /**
   * The subject's key, made and stored durably if it has none yet.
   * @param key takes the place of a new one, where it comes from another store
   * @throws KeyDestroyed
   */
  create(subject: Subject, key?: SubjectKey): Promise<SubjectKey>;
  /** `undefined` when there never was one, `'destroyed'` after {@link destroy}. */
  find(subject: Subject): Promise<SubjectKey | 'destroyed' | undefined>;
  /** {@link find} for many at once, answered in their order: for a page of events in one go. */
  findMany(subjects: readonly Subject[]): Promise<readonly (SubjectKey | 'destroyed' | undefined)[]>;
  /** Idempotent: a second call answers with the first one's time. Resolves once no file of this store holds the key. */
  destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }>;
  /**
   * Destroys the key of everybody of a tenant, and of whoever comes: none is ever made for it again, by a process that had asked before
   * ten seconds later at the latest. Repeatable. Answers of how many.
   */
  destroyTenant(tenant: string, at: string): Promise<{ readonly destroyedAt: string; readonly keys: number }>;
  /** Tenants whose keys are destroyed. */
  destroyedTenants(): Promise<readonly string[]>;
  /** Everything that is kept, page by page, in any order; what changes meanwhile comes as it was before or is after. */
  entries(): AsyncIterable<readonly KeyEntry[]>;
  /** A few words that belong to the keys and are in every copy of them; `undefined` when nothing was noted under the name. */
  note(name: string): Promise<string | undefined>;
  /** Durable; takes the place of what was noted before. */
  setNote(name: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** In the place of a person: everybody of a tenant. */
export const everybodyOf = (tenant: string): Subject => ({ tenant, id: '' });

export class KeyDestroyed extends DomainError {
  constructor(subject: Subject) {
    super(
      'gone',
      'erased',
      `The person behind ${subject.id} was erased. Nothing can be added to that record; create a new one.`,
    );
  }
}
