import { createSecretKey, type KeyObject } from 'node:crypto';
import { DomainError } from '@rapport/kernel';
import { everybodyOf, KeyDestroyed, type KeyEntry, type KeyStore, type Subject, type SubjectKey } from './key-store.js';

export interface CacheOptions {
  /** Keys kept at once; the one used longest ago makes room. Default 10,000. */
  readonly most?: number;
  /**
   * How long a key may be used before the store is asked again: so long may a key that another process has destroyed
   * still be in use here. For ever when absent, for a process that alone destroys its keys.
   */
  readonly expireAfterMilliseconds?: number;
  /** Milliseconds from any beginning, never set back. */
  readonly now?: () => number;
}

interface Known {
  readonly key: KeyObject | 'destroyed';
  /** A destroyed key never comes back, so that it is destroyed is known for ever. */
  readonly until: number;
}

/**
 * A key store that keeps the keys used last in memory, ready for use, so that following needs no query per event.
 * Destroy through it: what it has cached is forgotten with the key.
 */
export class CachedKeyStore implements KeyStore {
  /** Awaited after a key was destroyed, before whoever wanted that is told: others may have it in memory as well. */
  onDestroyed: (subject: Subject) => Promise<void> = async () => undefined;
  /** Used longest ago first. */
  readonly #keys = new Map<string, Known>();
  /** Tenants whose keys are destroyed, as far as this process knows. */
  readonly #gone = new Set<string>();
  readonly #most: number;
  readonly #expireAfter: number;
  readonly #now: () => number;

  constructor(
    private readonly store: KeyStore,
    { most = 10_000, expireAfterMilliseconds = Infinity, now = () => performance.now() }: CacheOptions = {},
  ) {
    this.#most = most;
    this.#expireAfter = expireAfterMilliseconds;
    this.#now = now;
  }

  /** How long after its destruction elsewhere a key may still be in use here, in milliseconds; 0 where nobody else destroys. */
  get lifetime(): number {
    return this.#expireAfter === Infinity ? 0 : this.#expireAfter;
  }

  /** What is known about a subject without asking the store. */
  cached({ tenant, id }: Subject): KeyObject | 'destroyed' | undefined {
    if (this.isGone(tenant)) return 'destroyed';
    const name = `${tenant}/${id}`;
    const known = this.#keys.get(name);
    if (known === undefined) return undefined;
    this.#keys.delete(name);
    if (this.#isOver(known)) return undefined;
    this.#keys.set(name, known);
    return known.key;
  }

  /** The key to seal with, made if there is none; `fresh` says that there should be none. @throws KeyDestroyed */
  async toSeal(subject: Subject, fresh: boolean): Promise<KeyObject> {
    const known = this.cached(subject) ?? (fresh ? undefined : await this.#found(subject));
    const key = known ?? (await this.#made(subject));
    if (key === 'destroyed') throw new KeyDestroyed(subject);
    return key;
  }

  /** The key to open with. @throws DomainError `key-missing` */
  async toOpen(subject: Subject): Promise<KeyObject | 'destroyed'> {
    const known = this.cached(subject);
    if (known !== undefined) return known;
    const found = await this.#found(subject);
    if (found === undefined) throw keyMissing(subject);
    return found;
  }

  /** Asks for those of the subjects that are not in memory, all at once, so that {@link cached} knows them next. */
  async fetch(subjects: Iterable<Subject>): Promise<void> {
    const missing = new Map<string, Subject>();
    for (const subject of subjects) {
      if (this.cached(subject) === undefined) missing.set(`${subject.tenant}/${subject.id}`, subject);
    }
    if (missing.size === 0) return;
    const asked = [...missing.values()];
    const until = this.#expiry();
    const found = await this.store.findMany(asked);
    asked.forEach((subject, n) => found[n] && this.#ready(subject, found[n], until));
  }

  create(subject: Subject, key?: SubjectKey): Promise<SubjectKey> {
    return this.store.create(subject, key);
  }

  find(subject: Subject): Promise<SubjectKey | 'destroyed' | undefined> {
    return this.store.find(subject);
  }

  findMany(subjects: readonly Subject[]): Promise<readonly (SubjectKey | 'destroyed' | undefined)[]> {
    return this.store.findMany(subjects);
  }

  async destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }> {
    const destroyed = await this.store.destroy(subject, at);
    this.forget(subject);
    await this.onDestroyed(subject);
    return destroyed;
  }

  async destroyTenant(tenant: string, at: string): Promise<{ readonly destroyedAt: string; readonly keys: number }> {
    const destroyed = await this.store.destroyTenant(tenant, at);
    this.forget(everybodyOf(tenant));
    await this.onDestroyed(everybodyOf(tenant));
    return destroyed;
  }

  async destroyedTenants(): Promise<readonly string[]> {
    const tenants = await this.store.destroyedTenants();
    for (const tenant of tenants) this.forget(everybodyOf(tenant));
    return tenants;
  }

  /** Whether all of a tenant's keys are destroyed, as far as this process knows: {@link destroyedTenants} asks. */
  isGone(tenant: string): boolean {
    return this.isAnyGone && this.#gone.has(tenant);
  }

  get isAnyGone(): boolean {
    return this.#gone.size > 0;
  }

  /** For keys that somebody else has destroyed: they are not used here any more. */
  forget({ tenant, id }: Subject): void {
    if (id === everybodyOf(tenant).id) {
      this.#gone.add(tenant);
      for (const name of this.#keys.keys()) if (name.startsWith(`${tenant}/`)) this.#keys.delete(name);
      return;
    }
    this.#remember(`${tenant}/${id}`, DESTROYED);
  }

  entries(): AsyncIterable<readonly KeyEntry[]> {
    return this.store.entries();
  }

  note(name: string): Promise<string | undefined> {
    return this.store.note(name);
  }

  setNote(name: string, text: string): Promise<void> {
    return this.store.setNote(name, text);
  }

  close(): Promise<void> {
    this.#keys.clear();
    return this.store.close();
  }

  async #found(subject: Subject): Promise<KeyObject | 'destroyed' | undefined> {
    const until = this.#expiry();
    const found = await this.store.find(subject);
    return found && this.#ready(subject, found, until);
  }

  async #made(subject: Subject): Promise<KeyObject | 'destroyed'> {
    const until = this.#expiry();
    return this.#ready(subject, await this.store.create(subject), until);
  }

  /** Of a key that the store is asked for now: it may be destroyed while its answer is on its way. */
  #expiry(): number {
    return this.#expireAfter === Infinity ? Infinity : this.#now() + this.#expireAfter;
  }

  #isOver({ until }: Known): boolean {
    return until !== Infinity && until <= this.#now();
  }

  /** A key that was on its way while it was destroyed here stays destroyed. */
  #ready({ tenant, id }: Subject, found: SubjectKey | 'destroyed', until: number): KeyObject | 'destroyed' {
    const name = `${tenant}/${id}`;
    if (found === 'destroyed' || this.#keys.get(name) === DESTROYED) {
      this.#remember(name, DESTROYED);
      return 'destroyed';
    }
    const key = createSecretKey(found);
    this.#remember(name, { key, until });
    return key;
  }

  #remember(name: string, known: Known): void {
    this.#keys.delete(name);
    this.#keys.set(name, known);
    for (const [oldest, each] of this.#keys) {
      if (this.#keys.size <= this.#most && !this.#isOver(each)) return;
      this.#keys.delete(oldest);
    }
  }
}

const DESTROYED: Known = { key: 'destroyed', until: Infinity };

const keyMissing = ({ tenant, id }: Subject): DomainError =>
  new DomainError(
    'internal',
    'key-missing',
    `There are sealed events of ${id} (tenant ${tenant}), but no key. Restore the keys from the same backup as the events.`,
  );
