import { randomBytes } from 'node:crypto';
import { everybodyOf, KeyDestroyed, type KeyEntry, type KeyStore, type Subject, type SubjectKey } from './key-store.js';

/** For tests. */
export class InMemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, SubjectKey>();
  readonly #destroyed = new Map<string, string>();
  readonly #notes = new Map<string, string>();

  async create(subject: Subject, given: SubjectKey = randomBytes(32)): Promise<SubjectKey> {
    const name = nameOf(subject);
    if (this.#isDestroyed(subject)) throw new KeyDestroyed(subject);
    const key = this.#keys.get(name) ?? Buffer.from(given);
    this.#keys.set(name, key);
    return Buffer.from(key);
  }

  async find(subject: Subject): Promise<SubjectKey | 'destroyed' | undefined> {
    const name = nameOf(subject);
    if (this.#isDestroyed(subject)) return 'destroyed';
    const key = this.#keys.get(name);
    return key && Buffer.from(key);
  }

  findMany(subjects: readonly Subject[]): Promise<readonly (SubjectKey | 'destroyed' | undefined)[]> {
    return Promise.all(subjects.map((subject) => this.find(subject)));
  }

  async destroy(subject: Subject, at: string): Promise<{ readonly destroyedAt: string }> {
    const name = nameOf(subject);
    const destroyedAt = this.#destroyed.get(name) ?? at;
    this.#destroyed.set(name, destroyedAt);
    this.#keys.get(name)?.fill(0);
    this.#keys.delete(name);
    return { destroyedAt };
  }

  async destroyTenant(tenant: string, at: string): Promise<{ readonly destroyedAt: string; readonly keys: number }> {
    const { destroyedAt } = await this.destroy(everybodyOf(tenant), at);
    const isTheirs = (name: string): boolean => subjectOf(name).tenant === tenant && subjectOf(name).id !== '';
    for (const name of this.#keys.keys()) if (isTheirs(name)) await this.destroy(subjectOf(name), at);
    return { destroyedAt, keys: [...this.#destroyed.keys()].filter(isTheirs).length };
  }

  async destroyedTenants(): Promise<readonly string[]> {
    return [...this.#destroyed.keys()].map(subjectOf).flatMap(({ id, tenant }) => (id === '' ? [tenant] : []));
  }

  async *entries(): AsyncGenerator<readonly KeyEntry[], void, undefined> {
    yield [
      ...[...this.#keys].map(([name, key]) => ({ subject: subjectOf(name), key: Buffer.from(key) })),
      ...[...this.#destroyed].map(([name, destroyedAt]) => ({ subject: subjectOf(name), destroyedAt })),
    ];
  }

  async note(name: string): Promise<string | undefined> {
    return this.#notes.get(name);
  }

  async setNote(name: string, text: string): Promise<void> {
    this.#notes.set(name, text);
  }

  async close(): Promise<void> {}

  #isDestroyed(subject: Subject): boolean {
    return this.#destroyed.has(nameOf(subject)) || this.#destroyed.has(nameOf(everybodyOf(subject.tenant)));
  }
}

/** Tenants have no slash. */
const nameOf = ({ tenant, id }: Subject): string => `${tenant}/${id}`;

const subjectOf = (name: string): Subject => {
  const end = name.indexOf('/');
  return { tenant: name.slice(0, end), id: name.slice(end + 1) };
};
