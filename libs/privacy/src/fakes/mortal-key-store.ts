import { DomainError } from '@rapport/kernel';
import type { KeyStore, Subject, SubjectKey } from '../key-store.js';

/** Writes that are left before a process dies, at the last one, with it done or not; it counts for several stores at once. */
export class Mortality {
  dead = false;

  constructor(
    private writesLeft = Infinity,
    private readonly lastOneDone = false,
  ) {}

  /** The n-th write from now on is the last one. */
  dieAfter(writes: number): void {
    this.writesLeft = writes;
  }

  async write<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    this.writesLeft -= 1;
    if (this.writesLeft > 0) return work();
    this.dead = true;
    if (this.lastOneDone) await work();
    throw gone();
  }

  check(): void {
    if (this.dead) throw gone();
  }
}

/** A key store of a process that may die. */
export class MortalKeyStore implements KeyStore {
  constructor(
    private readonly store: KeyStore,
    private readonly life: Mortality,
  ) {}

  create(subject: Subject, key?: SubjectKey): Promise<SubjectKey> {
    return this.life.write(() => this.store.create(subject, key));
  }

  async find(subject: Subject): ReturnType<KeyStore['find']> {
    this.life.check();
    return this.store.find(subject);
  }

  async findMany(subjects: readonly Subject[]): ReturnType<KeyStore['findMany']> {
    this.life.check();
    return this.store.findMany(subjects);
  }

  destroy(subject: Subject, at: string): ReturnType<KeyStore['destroy']> {
    return this.life.write(() => this.store.destroy(subject, at));
  }

  destroyTenant(tenant: string, at: string): ReturnType<KeyStore['destroyTenant']> {
    return this.life.write(() => this.store.destroyTenant(tenant, at));
  }

  async destroyedTenants(): Promise<readonly string[]> {
    this.life.check();
    return this.store.destroyedTenants();
  }

  entries(): ReturnType<KeyStore['entries']> {
    this.life.check();
    return this.store.entries();
  }

  async note(name: string): Promise<string | undefined> {
    this.life.check();
    return this.store.note(name);
  }

  setNote(name: string, text: string): Promise<void> {
    return this.life.write(() => this.store.setNote(name, text));
  }

  async close(): Promise<void> {}
}

const gone = (): DomainError => new DomainError('unavailable', 'gone', 'The process is gone.');
