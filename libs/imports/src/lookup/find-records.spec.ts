import { beforeEach, describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { positionOf } from '@rapport/kernel';
import { type Collection, type Document, InMemoryReadModelStore } from '@rapport/read-models';
import { findByField, findByWord, someNames } from './find-records.js';

interface Thing extends Document {
  readonly name: string;
  readonly externalId?: string;
  readonly archived: boolean;
}

const uuid = (n: number): string => `01940000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const tenant = 'main';
let things: Collection<Thing>;

beforeEach(async () => {
  const store = new InMemoryReadModelStore();
  const fields = { id: 'text', name: 'text', externalId: 'text', archived: 'boolean' } as const;
  things = await store.collection<Thing>({ name: 'things', fields, indexes: [] });
  const documents: Thing[] = [
    { id: uuid(1), tenant, name: 'GTX Pro', archived: true },
    { id: uuid(2), tenant, name: 'GTX Pro', archived: false },
    { id: uuid(3), tenant, name: 'MG', externalId: 'GTX Pro 2', archived: false },
    { id: uuid(4), tenant, name: 'GTX Pro 2', archived: false },
    { id: uuid(7), tenant, name: 'Twin', archived: false },
    { id: uuid(6), tenant, name: 'Twin', archived: false },
    { id: uuid(5), tenant, name: 'Twin', archived: true },
    { id: uuid(8), tenant, name: 'Gone', externalId: 'Twin', archived: true },
    { id: uuid(9), tenant, name: 'Gone', archived: true },
  ];
  const collection = things as unknown as Collection<Document>;
  const writes = documents.map((document, n) => ({
    collection,
    tenant,
    id: document.id,
    position: positionOf(n + 1),
    document,
  }));
  await store.write({ writes });
});

describe('finding records by what a file calls them', () => {
  it('tries id, then key, then name, and prefers what is not archived', async () => {
    const found = await findByWord(things, everythingOf(tenant), ['GTX Pro', 'GTX Pro 2', uuid(1), 'GTXPro']);
    expect([...found]).toEqual([
      ['GTX Pro', [uuid(2)]],
      ['GTX Pro 2', [uuid(3)]],
      [uuid(1), [uuid(1)]],
    ]);
    expect((await findByWord(things, everythingOf('other'), ['GTX Pro'])).size).toBe(0);
  });

  it('gives all that are meant equally well, archived ones only where no other is', async () => {
    const found = await findByWord(things, everythingOf(tenant), ['Twin', 'Gone']);
    expect([...found]).toEqual([
      ['Twin', [uuid(6), uuid(7)]],
      ['Gone', [uuid(8), uuid(9)]],
    ]);
    expect([...(await findByField(things, everythingOf(tenant), 'name', ['Twin', 'Gone']))]).toEqual([
      ['Twin', [uuid(6), uuid(7)]],
      ['Gone', [uuid(8), uuid(9)]],
    ]);
  });

  it('asks for many in several queries', async () => {
    const words = [...Array.from({ length: 250 }, (_, n) => `w${n}`), 'MG'];
    expect([...(await findByWord(things, everythingOf(tenant), words))]).toEqual([['MG', [uuid(3)]]]);
  });

  it('finds by one field, what is not archived before what is', async () => {
    expect([...(await findByField(things, everythingOf(tenant), 'name', ['GTX Pro', 'x']))]).toEqual([
      ['GTX Pro', [uuid(2)]],
    ]);
  });

  it('names what there is', async () => {
    expect(await someNames(things, everythingOf(tenant))).toEqual(['GTX Pro', 'GTX Pro 2', 'MG', 'Twin', 'Twin']);
  });
});
