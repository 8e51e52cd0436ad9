import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@rapport/kernel';
import { KeyDestroyed, type KeyEntry, type KeyStore, type Subject } from '../key-store.js';

export interface KeyStoreUnderTest {
  readonly store: KeyStore;
  /** Stops the store and starts it again on the same data, as a new process would. */
  reopen?(): Promise<KeyStore>;
  /** Every byte the store keeps outside of memory: file by file, document by document. */
  bytes?(): Promise<readonly Buffer[]>;
  close(): Promise<void>;
}

export interface KeyStoreAdapter {
  open(): Promise<KeyStoreUnderTest>;
  /** `restart`: keys outlive the process; then `reopen` and `bytes` are given. */
  readonly features: { readonly restart: boolean };
}

const AT = '2026-01-02T03:04:05.678Z';
const LATER = '2026-06-07T08:09:10.111Z';

const newSubject = (): Subject => ({ tenant: 'acme', id: newId() });

/** Defines the tests that make something a {@link KeyStore}. Every adapter runs all of them. */
export const keyStoreSuite = (name: string, adapter: KeyStoreAdapter): void => {
  describe(`key store: ${name}`, () => {
    let current: KeyStoreUnderTest;
    beforeEach(async () => {
      current = await adapter.open();
    });
    afterEach(() => current.close());

    describeCreating(() => current.store);
    describeDestroying(() => current.store);
    describeTenants(() => current.store);
    describeEntries(() => current.store);
    describeNotes(() => current.store);
    const { restart } = adapter.features;
    describe(restart ? 'what is kept' : 'nothing is kept: declared as in memory only', () => {
      it(restart ? 'can be opened again' : 'cannot be opened again', () => {
        const kind = restart ? 'function' : 'undefined';
        expect([typeof current.reopen, typeof current.bytes]).toEqual([kind, kind]);
      });
      if (restart) describeKept(() => current as Required<KeyStoreUnderTest>);
    });
  });
};

const describeTenants = (store: () => KeyStore): void => {
  describe('destroying a tenant', () => {
    const tenantOf = () => `t${newId().replaceAll('-', '')}`;

    it('destroys everybody’s key in it, and everybody’s who comes, and nobody else’s', async () => {
      const [tenant, neighbour] = [tenantOf(), newSubject()];
      const subjects = ['a', 'b', 'c'].map((id) => ({ tenant, id }));
      for (const subject of subjects) await store().create(subject);
      const near = { tenant: `${tenant}0`, id: 'a' };
      const keys = [await store().create(neighbour), await store().create(near)];
      await store().destroy(subjects[0]!, AT);
      expect(await store().destroyedTenants()).not.toContain(tenant);
      expect(await store().destroyTenant(tenant, LATER)).toEqual({ destroyedAt: LATER, keys: 3 });
      const comes = { tenant, id: 'd' };
      for (const subject of [...subjects, comes]) {
        expect(await store().find(subject)).toBe('destroyed');
        await expect(store().create(subject)).rejects.toThrow(KeyDestroyed);
      }
      expect(await store().findMany([comes, neighbour])).toEqual(['destroyed', keys[0]]);
      expect(await store().find(near)).toEqual(keys[1]);
      expect(await store().destroyedTenants()).toContain(tenant);
    });

    it('can be repeated, and answers with the first time', async () => {
      const tenant = tenantOf();
      await store().create({ tenant, id: 'a' });
      await store().destroyTenant(tenant, AT);
      expect(await store().destroyTenant(tenant, LATER)).toEqual({ destroyedAt: AT, keys: 1 });
    });
  });
};

const describeCreating = (store: () => KeyStore): void => {
  describe('creating', () => {
    it('makes a key of 256 bits and gives the same one ever after', async () => {
      const subject = newSubject();
      const key = await store().create(subject);
      expect(key).toHaveLength(32);
      expect(await store().create(subject)).toEqual(key);
      expect(await store().find(subject)).toEqual(key);
    });

    it('keeps a key that comes from elsewhere, unless there is one, or was', async () => {
      const [fresh, taken, gone] = [newSubject(), newSubject(), newSubject()];
      const given = Buffer.from('a key of thirty-two bytes, given');
      const own = await store().create(taken);
      await store().destroy(gone, AT);
      expect(await store().create(fresh, given)).toEqual(given);
      expect(await store().find(fresh)).toEqual(given);
      expect(await store().create(taken, given)).toEqual(own);
      await expect(store().create(gone, given)).rejects.toThrow(KeyDestroyed);
    });

    it('makes one key when several ask at once', async () => {
      const subject = newSubject();
      const keys = await Promise.all([1, 2, 3, 4].map(() => store().create(subject)));
      expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    });

    it('finds nothing for a subject that has none', async () => {
      expect(await store().find(newSubject())).toBeUndefined();
    });

    it('finds many at once, in the order asked for: of any tenant, destroyed, missing, twice', async () => {
      const subjects = Array.from({ length: 700 }, newSubject);
      const [first, last] = [subjects[0]!, subjects.at(-1)!];
      const abroad = { ...first, tenant: 'globex' };
      const keys = await Promise.all([...subjects, abroad].map((subject) => store().create(subject)));
      await store().destroy(last, AT);
      const asked = [abroad, newSubject(), ...subjects.toReversed(), first];
      const known = [keys[700], undefined, 'destroyed', ...keys.slice(0, 699).toReversed(), keys[0]];
      expect(await store().findMany(asked)).toEqual(known);
      expect(await store().findMany([])).toEqual([]);
    });

    it('gives each subject of each tenant a key of its own', async () => {
      const id = newId();
      const keys = await Promise.all([
        store().create({ tenant: 'acme', id }),
        store().create({ tenant: 'globex', id }),
        store().create(newSubject()),
      ]);
      expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3);
    });
  });
};

const describeDestroying = (store: () => KeyStore): void => {
  describe('destroying', () => {
    it('makes a key unfindable and a second one impossible', async () => {
      const subject = newSubject();
      await store().create(subject);
      expect(await store().destroy(subject, AT)).toEqual({ destroyedAt: AT });
      expect(await store().find(subject)).toBe('destroyed');
      await expect(store().create(subject)).rejects.toThrow(KeyDestroyed);
    });

    it('answers with the first time when asked again', async () => {
      const subject = newSubject();
      await store().create(subject);
      await store().destroy(subject, AT);
      expect(await store().destroy(subject, LATER)).toEqual({ destroyedAt: AT });
    });

    it('can be done before there is a key: then there never will be one', async () => {
      const subject = newSubject();
      expect(await store().destroy(subject, AT)).toEqual({ destroyedAt: AT });
      await expect(store().create(subject)).rejects.toThrow(KeyDestroyed);
    });

    it('leaves nothing to find when it races with creating', async () => {
      const subject = newSubject();
      await Promise.allSettled([store().create(subject), store().destroy(subject, AT), store().create(subject)]);
      expect(await store().find(subject)).toBe('destroyed');
    });

    it('spares the same id of another tenant', async () => {
      const subject = newSubject();
      const other = { ...subject, tenant: 'globex' };
      const [, key] = await Promise.all([store().create(subject), store().create(other)]);
      await store().destroy(subject, AT);
      expect(await store().find(other)).toEqual(key);
    });
  });
};

const all = async (store: KeyStore): Promise<readonly KeyEntry[]> => {
  const found: KeyEntry[] = [];
  for await (const page of store.entries()) found.push(...page);
  return found;
};

const describeEntries = (store: () => KeyStore): void => {
  describe('everything that is kept', () => {
    it('is nothing in the beginning', async () => {
      expect(await all(store())).toEqual([]);
    });

    it('is every key and every destruction, of any tenant, each once', async () => {
      const subjects = Array.from({ length: 2_100 }, (_, n) => ({
        ...newSubject(),
        tenant: n % 2 ? 'acme' : 'globex',
      }));
      const odd: Subject = { tenant: 'acme', id: 'contacts/a secret of its own' };
      const keys = await Promise.all([...subjects, odd].map((subject) => store().create(subject)));
      const never = newSubject();
      for (const subject of [subjects[7]!, subjects[1_500]!, never]) await store().destroy(subject, AT);
      const entries = new Map(
        (await all(store())).map((entry) => [`${entry.subject.tenant}/${entry.subject.id}`, entry]),
      );
      expect(entries.size).toBe(2_102);
      const wanted = [...subjects, odd].map((subject, n): KeyEntry =>
        n === 7 || n === 1_500 ? { subject, destroyedAt: AT } : { subject, key: keys[n]! },
      );
      for (const entry of [...wanted, { subject: never, destroyedAt: AT }])
        expect(entries.get(`${entry.subject.tenant}/${entry.subject.id}`)).toEqual(entry);
    });

    it('can be left early', async () => {
      await store().create(newSubject());
      for await (const _ of store().entries()) break;
      expect(await all(store())).toHaveLength(1);
    });
  });
};

const describeNotes = (store: () => KeyStore): void => {
  describe('notes', () => {
    it('say what they said last, each for itself', async () => {
      expect(await store().note('region')).toBeUndefined();
      await store().setNote('region', 'eu');
      await store().setNote('erasures of contacts', '1');
      await store().setNote('erasures of contacts', '2');
      expect([await store().note('region'), await store().note('erasures of contacts')]).toEqual(['eu', '2']);
      expect(await all(store())).toEqual([]);
    });

    it('can be written for the first time by several at once', async () => {
      await Promise.all(['a', 'b', 'c', 'd'].map((text) => store().setNote('n', text)));
      expect(['a', 'b', 'c', 'd']).toContain(await store().note('n'));
    });
  });
};

const describeKept = (current: () => Required<KeyStoreUnderTest>): void => {
  it('has keys and destructions over a restart', async () => {
    const [kept, destroyed] = [newSubject(), newSubject()];
    const key = await current().store.create(kept);
    await current().store.create(destroyed);
    await current().store.destroy(destroyed, AT);
    await current().store.setNote('region', 'eu');
    const store = await current().reopen();
    expect(await store.note('region')).toBe('eu');
    expect(await all(store)).toHaveLength(2);
    expect(await store.find(kept)).toEqual(key);
    expect(await store.find(destroyed)).toBe('destroyed');
    await expect(store.create(destroyed)).rejects.toThrow(KeyDestroyed);
    expect(await store.destroy(destroyed, LATER)).toEqual({ destroyedAt: AT });
  });

  it('never holds a key as it is', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => current().store.create(newSubject())));
    const kept = await current().bytes();
    expect(kept.length).toBeGreaterThan(0);
    for (const key of keys) expect(kept.filter((bytes) => bytes.includes(key))).toEqual([]);
  });
};
