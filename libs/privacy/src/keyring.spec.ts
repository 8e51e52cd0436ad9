import { describe, expect, it } from '@jest/globals';
import { MortalKeyStore, Mortality } from './fakes/mortal-key-store.js';
import { InMemoryKeyStore } from './in-memory-key-store.js';
import type { KeyStore, Subject } from './key-store.js';
import { type OldKeys, openKeyring } from './keyring.js';
import { IMPORTED_RECORD_IDS, MASTER_KEY_CHECK, ownSubject } from './own-subject.js';

const AT = '2026-01-02T03:04:05.678Z';
const person = (id: string): Subject => ({ tenant: 'acme', id });
const SECRET = person(IMPORTED_RECORD_IDS);
const key = (sign: string): Buffer => Buffer.alloc(32, sign);

/** The key stores of an installation of before, and the keyring that is to hold all. */
const newDisk = async () => {
  const old = { contacts: new InMemoryKeyStore(), sales: new InMemoryKeyStore() };
  await old.contacts.create(MASTER_KEY_CHECK);
  await old.contacts.create(person('ada'), key('a'));
  await old.contacts.create(person('bob'), key('b'));
  await old.contacts.create(person('eve'), key('e'));
  await old.contacts.create(SECRET, key('1'));
  await old.contacts.destroy(person('dora'), AT);
  await old.sales.create(MASTER_KEY_CHECK);
  await old.sales.create(person('rep'), key('r'));
  await old.sales.create(person('ada'), key('a'));
  await old.sales.create(SECRET, key('2'));
  // Erased in one of them only.
  await old.sales.destroy(person('eve'), AT);
  return { old: old as Record<string, InMemoryKeyStore>, keyring: new InMemoryKeyStore() };
};
type Disk = Awaited<ReturnType<typeof newDisk>>;

/** What a process does at its start, and what it would have taken away by then. */
const start = async (disk: Disk, life = new Mortality()): Promise<void> => {
  const old = Object.entries(disk.old).map(([context, store]): OldKeys => ({
    context,
    store: new MortalKeyStore(store, life),
    remove: () => life.write(async () => void delete disk.old[context]),
  }));
  await openKeyring(new MortalKeyStore(disk.keyring, life), { region: 'eu', old });
};

const contentOf = async (store: KeyStore): Promise<Record<string, string>> => {
  const content: Record<string, string> = {};
  for await (const page of store.entries()) {
    for (const { subject, key: kept } of page)
      content[`${subject.tenant}/${subject.id}`] = kept?.toString('hex') ?? 'destroyed';
  }
  delete content[`${MASTER_KEY_CHECK.tenant}/${MASTER_KEY_CHECK.id}`];
  return content;
};

const MERGED = {
  'acme/ada': key('a').toString('hex'),
  'acme/bob': key('b').toString('hex'),
  'acme/dora': 'destroyed',
  'acme/eve': 'destroyed',
  'acme/rep': key('r').toString('hex'),
  'acme/contacts/imported-record-ids': key('1').toString('hex'),
  'acme/sales/imported-record-ids': key('2').toString('hex'),
};

describe('the keyring of an installation', () => {
  it('takes in what contexts had for themselves: one key per person, a secret per context, a tombstone wins', async () => {
    const disk = await newDisk();
    await start(disk);
    expect(await contentOf(disk.keyring)).toEqual(MERGED);
    expect(disk.old).toEqual({});
    await start(disk);
    expect(await contentOf(disk.keyring)).toEqual(MERGED);
  });

  it.each([true, false])(
    'is whole after a next start, wherever the first one was killed (last write done: %s)',
    async (done) => {
      for (let writes = 1, finished = false; !finished; writes += 1) {
        const disk = await newDisk();
        const life = new Mortality(writes, done);
        finished = await start(disk, life).then(
          () => true,
          () => false,
        );
        expect(life.dead).toBe(!finished);
        await start(disk);
        expect([await contentOf(disk.keyring), disk.old]).toEqual([MERGED, {}]);
      }
    },
  );

  it('takes in a copy of before that was put back, and brings nobody back with it', async () => {
    const disk = await newDisk();
    await start(disk);
    await disk.keyring.destroy(person('bob'), AT);
    const { old } = await newDisk();
    await start({ ...disk, old });
    expect(await contentOf(disk.keyring)).toEqual({ ...MERGED, 'acme/bob': 'destroyed' });
  });

  it('refuses keys that do not belong together, and takes nothing away', async () => {
    const disk = await newDisk();
    await disk.old['sales']!.create(person('bob'), key('x'));
    await expect(start(disk)).rejects.toMatchObject({ code: 'keys-differ' });
    expect(Object.keys(disk.old)).toEqual(['contacts', 'sales']);
  });

  it('makes nothing under a master key that does not open what is there', async () => {
    const disk = await newDisk();
    const wrong = Object.assign(Object.create(disk.old['sales']!) as KeyStore, {
      find: () => Promise.reject(new Error('another master key')),
    });
    const old = [{ context: 'sales', store: wrong, remove: () => Promise.reject(new Error('removed')) }];
    await expect(openKeyring(disk.keyring, { region: null, old })).rejects.toThrow('another master key');
    expect(await disk.keyring.find(MASTER_KEY_CHECK)).toBeUndefined();
  });

  it('belongs to the region that was named first', async () => {
    const store = new InMemoryKeyStore();
    const open = (region: string | null) => openKeyring(store, { region, old: [] });
    await open(null);
    await open('eu');
    await open('eu');
    await expect(open('us')).rejects.toThrow(/belongs to region "eu", and this is region "us"/);
    await expect(open(null)).rejects.toMatchObject({ code: 'other-region', kind: 'invalid' });
  });

  it('keeps secrets of contexts apart from people', () => {
    expect(ownSubject('sales', 'acme', 'x')).not.toEqual(ownSubject('contacts', 'acme', 'x'));
  });
});
