import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import { where } from '../filter/filter.js';
import type { Collection, CollectionDeclaration, Document, ReadModelStore } from '../read-model-store.js';
import { everythingOf, type OpenedStore, type ReadModelStoreSubject } from './subject.js';

const DEALS: CollectionDeclaration = { name: 'deals', fields: { name: 'text' }, indexes: [['name']] };
const CHANGED: CollectionDeclaration = { ...DEALS, fields: { name: 'text', stage: 'text' } };

const put = (store: ReadModelStore, collection: Collection<Document>, id: string, name?: string): Promise<void> => {
  const document = { id, tenant: 't', ...(name && { name }) };
  return store.write({ writes: [{ collection, tenant: 't', id, position: positionOf(1), document }] });
};

export const generationTests = (subject: ReadModelStoreSubject): void => {
  let opened: OpenedStore;
  let store: ReadModelStore;
  beforeEach(async () => {
    opened = await subject.open();
    store = opened.store;
  });
  afterEach(() => opened.dispose());

  it('builds one beside the other; activating swaps and drops the old one', async () => {
    const deals = await store.collection(DEALS);
    await put(store, deals, 'old');
    await store.activate('deals', deals.generation);
    const pinned = await store.collection(DEALS, deals.generation);
    const rebuilt = await store.collection(DEALS, 'rebuilt');
    await put(store, rebuilt, 'new');
    expect(await deals.get(everythingOf('t'), 'old')).toBeDefined();
    expect(await deals.get(everythingOf('t'), 'new')).toBeUndefined();
    await store.activate('deals', 'rebuilt');
    expect(await store.activeGeneration('deals')).toBe('rebuilt');
    expect(deals.generation).toBe('rebuilt');
    expect(await deals.get(everythingOf('t'), 'old')).toBeUndefined();
    expect(await deals.get(everythingOf('t'), 'new')).toBeDefined();
    await expect(pinned.count(everythingOf('t'))).rejects.toMatchObject({ code: 'unknown-generation' });
    await expect(put(store, pinned, 'late')).rejects.toMatchObject({ code: 'unknown-generation' });
  });

  it('answers alike from one that was filled first and indexed then, and indexes twice without harm', async () => {
    const filled = await store.collection(DEALS, 'filled');
    for (const id of ['b', 'a', 'c']) await put(store, filled, id, `Deal ${id}`);
    expect(await filled.get(everythingOf('t'), 'a')).toMatchObject({ name: 'Deal a' });
    for (let time = 0; time < 2; time += 1) await store.index(filled);
    await put(store, filled, 'd', 'Deal 0');
    const { documents } = await filled.query(everythingOf('t'), { sort: [{ field: 'name' }], limit: 10 });
    expect(documents.map(({ id }) => id)).toEqual(['d', 'a', 'b', 'c']);
  });

  it('makes a new, empty generation for a changed declaration and leaves the old one readable', async () => {
    const deals = await store.collection(DEALS);
    await put(store, deals, '1');
    await store.activate('deals', deals.generation);
    const changed = await store.collection(CHANGED);
    expect(changed.generation).not.toBe(deals.generation);
    expect(await changed.count(everythingOf('t'))).toBe(0);
    expect(await deals.count(everythingOf('t'))).toBe(1);
    expect(await store.activeGeneration('deals')).toBe(deals.generation);
  });

  it('opens the same declaration again with what it holds', async () => {
    await put(store, await store.collection(CHANGED), '1');
    const again = await store.collection({ ...CHANGED, fields: { ...CHANGED.fields } });
    expect(await again.count(everythingOf('t'))).toBe(1);
  });

  it('never takes one field of a declaration for another that was in its place', async () => {
    await put(store, await store.collection(CHANGED), '1', 'Won');
    const moved = await store.collection({ ...CHANGED, fields: { stage: 'text', name: 'text' } });
    const asked = { filter: where('stage', '=', 'Won'), limit: 1 };
    expect((await moved.query(everythingOf('t'), { ...asked, sort: [] })).documents).toEqual([]);
  });

  it('has no active generation at first, and refuses to activate one that is not there', async () => {
    expect(await store.activeGeneration('deals')).toBeUndefined();
    await expect(store.activate('deals', 'none')).rejects.toMatchObject({ code: 'unknown-generation' });
  });

  it('drops one that was never activated, and neither the active one nor one that is not there', async () => {
    const deals = await store.collection(DEALS);
    const half = await store.collection(DEALS, 'half-built');
    await put(store, deals, '1');
    await put(store, half, '2');
    await store.activate('deals', deals.generation);
    const again = await store.collection(CHANGED, 'other');
    await put(store, again, '3');
    await store.drop('deals', 'other');
    await expect(again.get(everythingOf('t'), '3')).rejects.toMatchObject({ code: 'unknown-generation' });
    await expect(put(store, again, 'late')).rejects.toMatchObject({ code: 'unknown-generation' });
    await store.drop('deals', 'other');
    await store.drop('deals', deals.generation);
    await store.drop('never-there', 'one');
    expect(await deals.count(everythingOf('t'))).toBe(1);
    const anew = await store.collection(CHANGED, 'other');
    expect(await anew.count(everythingOf('t'))).toBe(0);
  });

  it('activates twice without harm and keeps collections apart', async () => {
    const deals = await store.collection(DEALS);
    const people = await store.collection({ ...DEALS, name: 'people' });
    await put(store, deals, '1');
    await store.activate('deals', deals.generation);
    await store.activate('deals', deals.generation);
    expect(await deals.count(everythingOf('t'))).toBe(1);
    expect(await people.count(everythingOf('t'))).toBe(0);
  });

  it('does not let an earlier removal bind a later generation', async () => {
    const deals = await store.collection(DEALS);
    const removal = { collection: deals, tenant: 't', id: '1', position: positionOf(9), document: null };
    await store.write({ writes: [removal] });
    const rebuilt = await store.collection(DEALS, 'rebuilt');
    await put(store, rebuilt, '1');
    expect(await rebuilt.count(everythingOf('t'))).toBe(1);
  });

  it('refuses one name for two shapes, and an index over what is not declared', async () => {
    await store.collection(DEALS, 'one');
    await expect(store.collection(CHANGED, 'one')).rejects.toMatchObject({ code: 'generation-declared-differently' });
    await expect(store.collection({ ...DEALS, indexes: [['nope']] })).rejects.toMatchObject({
      code: 'bad-declaration',
    });
  });
};
