import { createSecretKey, type KeyObject } from 'node:crypto';
import { DomainError } from '@rapport/kernel';
import { KeyDestroyed, type KeyStore, type Subject, type SubjectKey } from './key-store.js';

/**
 * A key store that keeps the keys used last in memory, ready for use, so that following needs no query per event.
 * Destroy through it: what it has cached is forgotten with the key.
 */
export class CachedKeyStore implements KeyStore {
  readonly #keys = new Map<string, KeyObject | 'destroyed'>();

  constructor(
    private readonly store: KeyStore,
    private readonly most = 10_000,
  ) {}

  /** What is known about a subject without asking the store. */
  cached({ tenant, id }: Subject): KeyObject | 'destroyed' | undefined {
    const name = `${tenant}/${id}`;
    const known = this.#keys.get(name);
    if (known !== undefined) this.#remember(name, known);
    return known;
  }

  /** The key to seal with, made if there is none; `fresh` says that there should be none. @throws KeyDestroyed */
  async toSeal(subject: Subject, fresh: boolean): Promise<KeyObject> {
    const known = this.cached(subject) ?? (fresh ? undefined : await this.#found(subject));
    const key = known ?? this.#ready(subject, await this.store.create(subject));
    if (key === 'destroyed') throw new KeyDestroyed(subject);
    return key;
  }

  /** The key to open with. @throws DomainError `key-missing` */
  async toOpen(subject: Subject): Promise<KeyObject | 'destroyed'> {
    const known = this.cached(subject);
    if (known !== undefined) return known;
    const found = await this.store.find(subject);
    if (found === undefined) throw keyMissing(subject);
    return this.#ready(subject, found);
  }

  /** Asks for those of the subjects that are not in memory, all at once, so that {@link cached} knows them next. */
  async fetch(subjects: Iterable<Subject>): Promise<void> {
    const missing = new Map<string, Subject>();
    for (const subject of subjects) {
      if (this.cached(subject) === undefined) missing.set(`${subject.tenant}/${subject.id}`, subject);
    }
    if (missing.size === 0) return;
    const asked = [...missing.values()];
    const found = await this.store.findMany(asked);
    asked.forEach((subject, n) => found[n] && this.#ready(subject, found[n]));
  }

  async #found(subject: Subject): Promise<KeyObject | 'destroyed' | undefined> {
    const found = await this.store.find(subject);
    return found && this.#ready(subject, found);
  }

  create(subject: Subject): Promise<SubjectKey> {
    return this.store.create(subject);
  }

  find(subject: Subject): Promise<SubjectKey | 'destroyed' | undefined> {
    return this.store.find(subject);
  }

  findMany(subjects: readonly Subject[]): Promise<readonly (SubjectKey | 'destroyed' | undefined)[]> {
    return this.store.findMany(subjects);
  }

  async destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }> {
    const destroyed = await this.store.destroy(subject, at);
    this.#remember(`${subject.tenant}/${subject.id}`, 'destroyed');
    return destroyed;
  }

  close(): Promise<void> {
    this.#keys.clear();
    return this.store.close();
  }

  /** A key that was on its way while it was destroyed stays destroyed. */
  #ready({ tenant, id }: Subject, found: SubjectKey | 'destroyed'): KeyObject | 'destroyed' {
    const name = `${tenant}/${id}`;
    if (this.#keys.get(name) === 'destroyed') return 'destroyed';
    const key = found === 'destroyed' ? found : createSecretKey(found);
    this.#remember(name, key);
    return key;
  }

  #remember(name: string, key: KeyObject | 'destroyed'): void {
    this.#keys.delete(name);
    this.#keys.set(name, key);
    if (this.#keys.size <= this.most) return;
    for (const oldest of this.#keys.keys()) {
      this.#keys.delete(oldest);
      return;
    }
  }
}

const keyMissing = ({ tenant, id }: Subject): DomainError =>
  new DomainError(
    'internal',
    'key-missing',
    `There are sealed events of ${id} (tenant ${tenant}), but no key. Restore the keys from the same backup as the events.`,
  );
