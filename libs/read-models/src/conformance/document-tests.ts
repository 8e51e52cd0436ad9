import { expect, it } from '@jest/globals';
import { keyOf } from '../read-model-store.js';
import { everythingOf, type Bench } from './subject.js';

export const documentTests = (bench: () => Bench): void => {
  writeTests(bench);
  positionTests(bench);
  raceTests(bench);
  checkpointTests(bench);
  countTests(bench);
  tenantTests(bench);
};

const tenantTests = (bench: () => Bench): void => {
  it('removes all of a tenant, in generations that are being filled too, and nobody else’s', async () => {
    const { things, store, put, remove, newTenant, nextPosition, ids } = bench();
    const [gone, near] = [newTenant(), newTenant()];
    const filled = await store.collection(things.declaration, 'being-filled');
    await put(gone, [{ id: 'a' }, { id: 'b', name: 'Ada' }, { id: 'c' }]);
    await put(near, [{ id: 'a' }, { id: 'b' }]);
    await remove(gone, 'c');
    const position = nextPosition();
    for (const tenant of [gone, near])
      await store.write({
        writes: [{ collection: filled, tenant, id: 'a', position, document: { id: 'a', tenant } }],
      });
    expect(await store.removeTenant(gone)).toBe(3);
    expect(await ids(gone)).toEqual([]);
    expect(await things.count(everythingOf(gone))).toBe(0);
    const left = await things.load(['a', 'b', 'c'].map((id) => ({ tenant: gone, id })));
    expect(left).toEqual(new Map());
    expect([
      ...(
        await filled.load([
          { tenant: gone, id: 'a' },
          { tenant: near, id: 'a' },
        ])
      ).keys(),
    ]).toEqual([keyOf({ tenant: near, id: 'a' })]);
    expect(await ids(near)).toEqual(['a', 'b']);
    expect(await store.removeTenant(gone)).toBe(0);
    await store.drop(things.declaration.name, 'being-filled');
  });
};

const writeTests = (bench: () => Bench): void => {
  it('gives back what was written, nested values and other fields included', async () => {
    const { things, put, newTenant } = bench();
    const tenant = newTenant();
    const document = {
      id: '1',
      name: 'Ada',
      amount: { minor: 5, currency: 'EUR' },
      tags: ['a'],
      extra: [{ deep: null }],
    };
    await put(tenant, [document]);
    expect(await things.get(everythingOf(tenant), '1')).toEqual({ ...document, tenant });
    expect(await things.get(everythingOf(tenant), '2')).toBeUndefined();
  });

  it('loads many keys with their positions and leaves missing ones out', async () => {
    const { things, put, remove, newTenant, nextPosition } = bench();
    const [one, other] = [newTenant(), newTenant()];
    const [written, removed] = [nextPosition(), nextPosition()];
    await put(one, [{ id: 'a' }, { id: 'b' }], written);
    await put(other, [{ id: 'a', name: 'other' }], written);
    await remove(one, 'b', removed);
    const found = await things.load([
      { tenant: one, id: 'a' },
      { tenant: one, id: 'b' },
      { tenant: one, id: 'c' },
      { tenant: other, id: 'a' },
    ]);
    expect(found).toEqual(
      new Map([
        [keyOf({ tenant: one, id: 'a' }), { document: { id: 'a', tenant: one }, position: written }],
        [keyOf({ tenant: one, id: 'b' }), { document: null, position: removed }],
        [keyOf({ tenant: other, id: 'a' }), { document: { id: 'a', tenant: other, name: 'other' }, position: written }],
      ]),
    );
  });

  it('applies the writes of one batch in order', async () => {
    const { store, things, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const writes = ['first', 'second'].map((name) => ({
      ...{ collection: things, tenant, id: '1', position: nextPosition() },
      document: { id: '1', tenant, name },
    }));
    await store.write({ writes });
    expect(await things.get(everythingOf(tenant), '1')).toMatchObject({ name: 'second' });
  });
};

const positionTests = (bench: () => Bench): void => {
  it('ignores a write at the same or an older position', async () => {
    const { things, put, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const [older, newer] = [nextPosition(), nextPosition()];
    await put(tenant, [{ id: '1', name: 'new' }], newer);
    await put(tenant, [{ id: '1', name: 'again' }], newer);
    await put(tenant, [{ id: '1', name: 'old' }], older);
    expect(await things.get(everythingOf(tenant), '1')).toMatchObject({ name: 'new' });
  });

  it('does not let an older write bring a removed document back, but a newer one', async () => {
    const { things, put, remove, ids, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const [first, second, third, fourth] = [nextPosition(), nextPosition(), nextPosition(), nextPosition()];
    await put(tenant, [{ id: '1', name: 'old' }], first);
    await remove(tenant, '1', third);
    await put(tenant, [{ id: '1', name: 'late' }], second);
    await put(tenant, [{ id: '1', name: 'same' }], third);
    expect(await things.get(everythingOf(tenant), '1')).toBeUndefined();
    expect(await ids(tenant)).toEqual([]);
    expect(await things.count(everythingOf(tenant))).toBe(0);
    await put(tenant, [{ id: '1', name: 'reborn' }], fourth);
    expect(await things.get(everythingOf(tenant), '1')).toMatchObject({ name: 'reborn' });
    expect((await things.load([{ tenant, id: '1' }])).get(keyOf({ tenant, id: '1' }))?.position).toBe(fourth);
  });

  it('ignores a removal at the same or an older position', async () => {
    const { things, put, remove, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const [older, newer] = [nextPosition(), nextPosition()];
    await put(tenant, [{ id: '1' }], newer);
    await remove(tenant, '1', older);
    await remove(tenant, '1', newer);
    expect(await things.get(everythingOf(tenant), '1')).toBeDefined();
  });
};

const raceTests = (bench: () => Bench): void => {
  const CONTENDERS = Array.from({ length: 8 }, (_, i) => i);

  it('lets exactly one of many writers at one position win, as each of them sees by loading', async () => {
    const { store, things, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const load = async () => (await things.load([{ tenant, id: '1' }])).get(keyOf({ tenant, id: '1' }))!;
    for (let round = 0; round < 10; round++) {
      const position = nextPosition();
      const seen = await Promise.all(
        CONTENDERS.map(async (name) => {
          const document = { id: '1', tenant, name };
          await store.write({ writes: [{ collection: things, tenant, id: '1', position, document }] });
          return load();
        }),
      );
      const last = await load();
      expect(last.position).toBe(position);
      expect(seen).toEqual(CONTENDERS.map(() => last));
    }
  });

  it('keeps the newest of what many write at once, new documents and removals included', async () => {
    const { store, things, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const ids = Array.from({ length: 20 }, (_, i) => `${i}`);
    const attempts = CONTENDERS.map((i) => ({ position: nextPosition(), kept: i % 3 > 0 }));
    await Promise.all(
      [5, 0, 7, 2, 6, 1, 4, 3].map((i) => {
        const { position, kept } = attempts[i]!;
        const documentOf = (id: string) => (kept ? { id, tenant, name: `${i}` } : null);
        const writes = ids.map((id) => ({ collection: things, tenant, id, position, document: documentOf(id) }));
        return store.write({ writes, checkpoint: { follower: tenant, position } });
      }),
    );
    const loaded = [...(await things.load(ids.map((id) => ({ tenant, id })))).values()];
    const { position } = attempts.at(-1)!;
    expect(loaded.map((found) => found.position)).toEqual(ids.map(() => position));
    expect(loaded.map(({ document }) => document?.name)).toEqual(ids.map(() => '7'));
    expect(await store.checkpoint(tenant)).toBe(position);
  });
};

const checkpointTests = (bench: () => Bench): void => {
  it('moves the checkpoint with the writes, and without any', async () => {
    const { store, things, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const follower = `follower of ${tenant}`;
    expect(await store.checkpoint(follower)).toBeUndefined();
    const [first, second] = [nextPosition(), nextPosition()];
    const write = { collection: things, tenant, id: '1', position: first, document: { id: '1', tenant } };
    await store.write({ writes: [write], checkpoint: { follower, position: first } });
    expect(await store.checkpoint(follower)).toBe(first);
    await store.write({ writes: [], checkpoint: { follower, position: second } });
    expect(await store.checkpoint(follower)).toBe(second);
    expect(await things.count(everythingOf(tenant))).toBe(1);
  });

  it('never moves a checkpoint back, and writes what comes with an older one', async () => {
    const { store, things, newTenant, nextPosition } = bench();
    const follower = newTenant();
    const [older, newer] = [nextPosition(), nextPosition()];
    await store.write({ writes: [], checkpoint: { follower, position: newer } });
    const write = { collection: things, tenant: follower, id: '1', position: older };
    const writes = [{ ...write, document: { id: '1', tenant: follower } }];
    await store.write({ writes, checkpoint: { follower, position: older } });
    expect(await store.checkpoint(follower)).toBe(newer);
    expect(await things.count(everythingOf(follower))).toBe(1);
  });

  it('leaves the checkpoint where it was when the batch fails', async () => {
    const { store, things, features, newTenant, nextPosition } = bench();
    const tenant = newTenant();
    const position = nextPosition();
    const spare = await store.collection({ name: `dropped-${tenant}`, fields: {}, indexes: [] }, 'one');
    await store.collection({ name: `dropped-${tenant}`, fields: {}, indexes: [] }, 'two');
    await store.activate(`dropped-${tenant}`, 'two');
    const writes = [things, spare].map((collection) => ({
      ...{ collection, tenant, id: '1', position },
      document: { id: '1', tenant },
    }));
    await expect(store.write({ writes, checkpoint: { follower: tenant, position } })).rejects.toMatchObject({
      code: 'unknown-generation',
    });
    expect(await store.checkpoint(tenant)).toBeUndefined();
    if (features.atomic) expect(await things.get(everythingOf(tenant), '1')).toBeUndefined();
  });
};

const countTests = (bench: () => Bench): void => {
  it('holds 5,000 documents, counts them exactly and about, and pages through all of them', async () => {
    const { things, put, ids, newTenant } = bench();
    const tenant = newTenant();
    const documents = Array.from({ length: 5000 }, (_, i) => ({ id: String(i).padStart(5, '0'), name: `n${i % 700}` }));
    for (let i = 0; i < documents.length; i += 500) await put(tenant, documents.slice(i, i + 500));
    expect(await things.count(everythingOf(tenant))).toBe(5000);
    const estimate = await things.estimatedCount(everythingOf(tenant));
    expect(Math.abs(estimate - 5000)).toBeLessThanOrEqual(500);
    let last = '';
    for (let page = 0; page < 5; page++) {
      const { documents: some, next } = await things.query(everythingOf(tenant), {
        limit: 1000,
        ...(last ? { cursor: last } : {}),
      });
      expect(some.map(({ id }) => id)).toEqual(documents.slice(page * 1000, page * 1000 + 1000).map(({ id }) => id));
      last = next ?? '';
    }
    expect(last).toBe('');
    expect(await ids(tenant, { filter: { kind: 'compare', field: 'name', operator: '=', value: 'n0' } })).toHaveLength(
      8,
    );
  }, 30_000);

  it('keeps tenants apart', async () => {
    const { things, put, ids, newTenant } = bench();
    const [one, other] = [newTenant(), newTenant()];
    await put(one, [{ id: '1', name: 'secret' }]);
    expect(await things.get(everythingOf(other), '1')).toBeUndefined();
    expect(await things.load([{ tenant: other, id: '1' }])).toEqual(new Map());
    expect(await ids(other)).toEqual([]);
    expect(await ids(other, { sort: [{ field: 'name' }] })).toEqual([]);
    expect(await things.count(everythingOf(other))).toBe(0);
    expect(await things.estimatedCount(everythingOf(other))).toBe(0);
    expect(await things.aggregate(everythingOf(other), { groupBy: ['name'] })).toEqual([]);
  });
};
