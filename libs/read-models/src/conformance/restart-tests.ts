import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { positionOf } from '@rapport/kernel';
import { everythingOf, THINGS, type OpenedStore, type ReadModelStoreSubject, type Thing } from './subject.js';

export const restartTests = (subject: ReadModelStoreSubject): void => {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await subject.open();
  });
  afterEach(() => opened.dispose());

  it(`${subject.features.durable ? 'keeps' : 'forgets'} documents, removals, checkpoints and generations`, async () => {
    const things = await opened.store.collection<Thing>(THINGS, 'mine');
    const write = (id: string, position: number, document: Thing | null) => ({
      ...{ collection: things, tenant: 't', id, position: positionOf(position), document },
    });
    const writes = [write('1', 1, { id: '1', tenant: 't', name: 'Ada' }), write('2', 2, null)];
    await opened.store.write({ writes, checkpoint: { follower: 'f', position: positionOf(2) } });
    await opened.store.activate('things', 'mine');

    const store = await opened.reopen();
    const kept = subject.features.durable;
    expect(await store.activeGeneration('things')).toBe(kept ? 'mine' : undefined);
    expect(await store.checkpoint('f')).toBe(kept ? positionOf(2) : undefined);
    const again = await store.collection<Thing>(THINGS);
    expect(await again.count(everythingOf('t'))).toBe(kept ? 1 : 0);
    const keys = ['1', '2'].map((id) => ({ tenant: 't', id }));
    expect([...(await again.load(keys)).keys()].sort()).toEqual(kept ? ['t/1', 't/2'] : []);
    expect(await again.get(everythingOf('t'), '1')).toEqual(kept ? { id: '1', tenant: 't', name: 'Ada' } : undefined);
  });

  const purged = subject.features.purge
    ? 'purges what replaced and removed documents said'
    : 'keeps documents in a purge';
  it(purged, async () => {
    const things = await opened.store.collection<Thing>(THINGS);
    const put = (position: number, name: string | null) => {
      const writes = Array.from({ length: 100 }, (_, i) => {
        const id = String(i);
        const document = name === null && i > 0 ? null : { id, tenant: 't', name: `${name ?? 'kept-name'} ${i}` };
        return { collection: things, tenant: 't', id, position: positionOf(position), document };
      });
      return opened.store.write({ writes });
    };
    await put(1, 'secret-one');
    await put(2, 'secret-two');
    await put(3, null);
    await opened.store.purge();
    const files = await Promise.all((await opened.files()).map((file) => readFile(file, 'latin1')));
    if (subject.features.purge) expect(files.filter((file) => /secret-(one|two)/.test(file))).toEqual([]);
    expect(files.some((file) => file.includes('kept-name'))).toBe(files.length > 0);
    expect(await things.count(everythingOf('t'))).toBe(1);
  });
};
