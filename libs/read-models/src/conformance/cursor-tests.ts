import { expect, it } from '@jest/globals';
import { where } from '../filter/filter.js';
import type { Query, Sort } from '../read-model-store.js';
import { allPages, everythingOf, type Bench } from './subject.js';

const letters = (text: string) => [...text].map((name) => ({ id: `id-${name}`, name, stage: 'open' }));
const SORTS: readonly (readonly [name: string, sort: readonly Sort[]])[] = [
  ['by id', []],
  ['ascending', [{ field: 'name' }]],
  ['descending', [{ field: 'name', descending: true }]],
  ['by two keys', [{ field: 'stage' }, { field: 'name' }]],
];

export const cursorTests = (bench: () => Bench): void => {
  pagingTests(bench);
  refusalTests(bench);
};

const pagingTests = (bench: () => Bench): void => {
  it.each(SORTS)('stay put while documents come and go between pages: %s', async (_, sort) => {
    const { things, put, remove, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, letters('bdfhjlnp'));
    const whole = (await things.query(everythingOf(tenant), { sort, limit: 100 })).documents.map(({ id }) => id);
    const first = await things.query(everythingOf(tenant), { sort, limit: 3 });
    const last = first.documents.at(-1)!.id;
    await put(tenant, letters('aceikmqz'));
    await remove(tenant, first.documents[0]!.id);
    await remove(tenant, last);
    await remove(tenant, whole[5]!);
    const rest = await allPages(things, everythingOf(tenant), { sort, limit: 2, cursor: first.next! });
    const seen = [...first.documents, ...rest.flat()].map(({ id }) => id);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => whole.includes(id))).toEqual(whole.filter((id) => id !== whole[5]));
  });

  it('end exactly: no cursor after the last document', async () => {
    const { things, put, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, letters('abcd'));
    expect((await things.query(everythingOf(tenant), { limit: 4 })).next).toBeUndefined();
    const pages = await allPages(things, everythingOf(tenant), { limit: 2 });
    expect(pages.map((page) => page.length)).toEqual([2, 2]);
  });

  it('may be used with another limit', async () => {
    const { things, put, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, letters('abcd'));
    const { next } = await things.query(everythingOf(tenant), { limit: 1 });
    expect((await things.query(everythingOf(tenant), { limit: 100, cursor: next! })).documents).toHaveLength(3);
  });
};

const refusalTests = (bench: () => Bench): void => {
  const refused = { kind: 'invalid', code: 'bad-cursor' };

  it('are refused for another filter, sort or tenant', async () => {
    const { things, put, newTenant } = bench();
    const [tenant, other] = [newTenant(), newTenant()];
    await put(tenant, letters('abcd'));
    await put(other, letters('abcd'));
    const query: Query = { filter: where('stage', '=', 'open'), sort: [{ field: 'name' }], limit: 2 };
    const cursor = (await things.query(everythingOf(tenant), query)).next!;
    await expect(things.query(everythingOf(other), { ...query, cursor })).rejects.toMatchObject(refused);
    for (const change of [
      { filter: where('stage', '=', 'won') },
      { sort: [{ field: 'name', descending: true }] },
      { sort: [] },
    ]) {
      await expect(things.query(everythingOf(tenant), { ...query, ...change, cursor })).rejects.toMatchObject(refused);
    }
  });

  it('are refused when broken or made up', async () => {
    const { things, put, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, letters('abcd'));
    const cursor = (await things.query(everythingOf(tenant), { limit: 2 })).next!;
    const middle = Math.floor(cursor.length / 2);
    const changed = cursor.slice(0, middle) + (cursor[middle] === 'A' ? 'B' : 'A') + cursor.slice(middle + 1);
    const made = Buffer.from(`0123456789abcdef["id-a"]`).toString('base64url');
    for (const wrong of ['', 'x', '💥', "' OR 1=1", cursor.slice(0, -4), `${cursor}AAAA`, changed, made]) {
      await expect(things.query(everythingOf(tenant), { limit: 2, cursor: wrong })).rejects.toMatchObject(refused);
    }
  });

  it.each([0, -1, 1001, 1.5, Number.NaN])('a limit of %d is refused', async (limit) => {
    await expect(bench().things.query(everythingOf('any'), { limit })).rejects.toMatchObject({
      kind: 'invalid',
      code: 'bad-limit',
    });
  });
};
