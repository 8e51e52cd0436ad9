import { describe, expect, it } from '@jest/globals';
import { START } from '@rapport/kernel';
import { InMemoryReadModelStore } from '@rapport/read-models';
import { NOTHING_SCANNED } from '../domain/duplicate-scan/duplicate-scan.js';
import type { ScanCounts } from '../domain/duplicate-scan/duplicate-scan.events.js';
import { type ContactDocument, contacts } from '../records/contacts.js';
import { duplicates } from '../records/duplicates.js';
import type { FoundPairs } from './found-pairs.js';
import { people } from './people.js';
import { Scan, type ScanParts } from './scan.js';

const tenant = 'main';
const call = {
  principal: { tenant, actor: { kind: 'system' as const, id: 'test' }, roles: [] },
  correlationId: 'c',
  answer: {},
};
const idOf = (n: number): string => `id-${String(n).padStart(4, '0')}`;

/** So many people, each of them twice, one half behind the other. */
const twice = async (many: number) => {
  const store = new InMemoryReadModelStore();
  const records = await store.collection(contacts.projection.declaration);
  const pairs = await store.collection(duplicates.declaration);
  const document = (n: number) => {
    const person = n % many;
    const said = { lastName: `Person${'abcdefghij'[person % 10]}${person}`, email: `person${person}@example.org` };
    return { id: idOf(n), tenant, archived: false, ...said } as unknown as ContactDocument;
  };
  const writes = Array.from({ length: 2 * many }, (_, n) => {
    const { id } = document(n);
    return { collection: records as never, tenant, id, position: `${START.slice(1)}1`, document: document(n) };
  });
  await store.write({ writes });
  return { records, pairs };
};

/** A scan, with what it found and where it could go on. */
const scanOf = async (
  documents: Awaited<ReturnType<typeof twice>>,
  goesOn: ScanParts['goesOn'],
  more: Partial<ScanParts> = {},
) => {
  const found: string[] = [];
  const checkpoints: { readonly upTo: string; readonly counts: ScanCounts }[] = [];
  const find = (_: string, one: string, other: string): Promise<void> => {
    found.push(`${one} ${other}`);
    return Promise.resolve();
  };
  const checkpoint = (upTo: string, counts: ScanCounts): Promise<void> => {
    checkpoints.push({ upTo, counts });
    return Promise.resolve();
  };
  const parts = { ...documents, found: { find } as unknown as FoundPairs, call, goesOn, checkpoint, ...more };
  return { scan: new Scan(people, parts), found, checkpoints };
};

const always = (): Promise<boolean> => Promise.resolve(true);

describe('a scan', () => {
  it('finds every pair once', async () => {
    const { scan, found } = await scanOf(await twice(30), always);
    expect(await scan.run('', NOTHING_SCANNED)).toEqual({
      counts: { records: 60, compared: 60, pairs: 30, added: 30, removed: 0 },
      full: false,
    });
    expect(found).toEqual(Array.from({ length: 30 }, (_, n) => `${idOf(n)} ${idOf(n + 30)}`));
  });

  it('goes on behind any of its checkpoints, and comes to the same', async () => {
    const documents = await twice(30);
    const whole = await scanOf(documents, always);
    const done = await whole.scan.run('', NOTHING_SCANNED);
    expect(whole.checkpoints.length).toBeGreaterThan(5);
    for (const { upTo, counts } of whole.checkpoints) {
      const rest = await scanOf(documents, always);
      expect(await rest.scan.run(upTo, counts)).toEqual(done);
      expect(rest.found).toEqual(whole.found.slice(counts.pairs));
    }
  });

  it('does nothing once it was canceled', async () => {
    const { scan, found } = await scanOf(await twice(30), () => Promise.resolve(false));
    expect(await scan.run('', NOTHING_SCANNED)).toBeUndefined();
    expect(found).toEqual([]);
  });

  it('leaves out what is not certain once there are too many, says so, and compares the rest all the same', async () => {
    const { scan, found } = await scanOf(await twice(30), always, { mostAdded: 10 });
    const done = await scan.run('', NOTHING_SCANNED);
    expect(done).toMatchObject({ full: true, counts: { compared: 60, pairs: 30, added: found.length } });
    expect(found.length).toBeGreaterThanOrEqual(10);
    expect(found.length).toBeLessThanOrEqual(20);
  });
});
