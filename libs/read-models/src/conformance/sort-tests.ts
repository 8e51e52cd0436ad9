import { expect, it } from '@jest/globals';
import { where } from '../filter/filter.js';
import { everythingOf, type Bench, type Thing } from './subject.js';

const named = (names: readonly unknown[]): Omit<Thing, 'tenant'>[] =>
  names.map((name, i) => ({ id: `${i}`, ...(name === undefined ? {} : { name }) }));

/** Texts that only some engines compare rightly with others, see `codePointOrder`. */
const ASTRAL = /[\u{10000}-\u{10FFFF}]/u;

/** Values of one field, already in ascending order; the last two are missing. */
const ORDERS: readonly (readonly [field: string, documents: readonly object[]])[] = [
  ['name', ['', '10', '9', 'Äa', 'ab', 'Ác', 'b', '\uFFFD', '😀'].map((name) => ({ name }))],
  ['amount.minor', [-1e9, -0.5, 0, 2, 10].map((minor) => ({ amount: { minor } }))],
  ['active', [{ active: false }, { active: true }]],
  ['day', [{ day: '1999-12-31' }, { day: '2026-01-01' }]],
  ['at', [{ at: '2026-01-01T00:30:00+01:00' }, { at: '2026-01-01T00:00:00Z' }]],
];

export const sortTests = (bench: () => Bench): void => {
  it.each(ORDERS)('sorts by %s in both directions, missing last', async (field, values) => {
    const { put, ids, newTenant, features } = bench();
    const tenant = newTenant();
    const present = features.codePointOrder ? values : values.filter((value) => !ASTRAL.test(JSON.stringify(value)));
    const documents = [...present, {}, { name: null, amount: null }].map((document, i) => ({
      ...document,
      id: `${i}`.padStart(2, '0'),
    }));
    await put(tenant, documents.toReversed());
    const expected = documents.map(({ id }) => id);
    const [known, missing] = [expected.slice(0, -2), expected.slice(-2)];
    expect(await ids(tenant, { sort: [{ field }] })).toEqual(expected);
    expect(await ids(tenant, { sort: [{ field, descending: true }] })).toEqual([
      ...known.toReversed(),
      ...missing.toReversed(),
    ]);
    const filter = where('stage', '=', null);
    expect(await ids(tenant, { filter, sort: [{ field }] })).toEqual(expected);
  });

  it('breaks ties by id, in the direction of the last key; case and accents make no difference', async () => {
    const { put, ids, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, named(['Éva', 'eva', 'EVA', 'anna']));
    expect(await ids(tenant, { sort: [{ field: 'name' }] })).toEqual(['3', '0', '1', '2']);
    expect(await ids(tenant, { sort: [{ field: 'name', descending: true }] })).toEqual(['2', '1', '0', '3']);
  });

  it('sorts by id without a sort', async () => {
    const { put, ids, newTenant, features } = bench();
    const tenant = newTenant();
    const sorted = ['10', '9', 'B', 'a', 'b', '\uFFFD', ...(features.codePointOrder ? ['😀'] : [])];
    await put(
      tenant,
      sorted.toReversed().map((id) => ({ id })),
    );
    expect(await ids(tenant)).toEqual(sorted);
  });

  it('sorts by several keys, each in its own direction', async () => {
    const { put, ids, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, [
      { id: '1', stage: 'a', name: 'x' },
      { id: '2', stage: 'b', name: 'y' },
      { id: '3', stage: 'b' },
      { id: '4', name: 'z' },
      { id: '5', stage: 'a', name: 'y' },
    ]);
    const sorted = (one: boolean, two: boolean) =>
      ids(tenant, {
        sort: [{ field: 'stage', descending: one }, { field: 'name', descending: two }, { field: 'stage' }],
      });
    expect(await sorted(false, false)).toEqual(['1', '5', '2', '3', '4']);
    expect(await sorted(false, true)).toEqual(['5', '1', '2', '3', '4']);
    expect(await sorted(true, false)).toEqual(['2', '3', '1', '5', '4']);
    expect(await sorted(true, true)).toEqual(['2', '3', '5', '1', '4']);
  });

  it.each([['tags'], ['nope'], ['__proto__']])('refuses to sort by %s', async (field) => {
    const query = bench().things.query(everythingOf('any'), { sort: [{ field }], limit: 1 });
    await expect(query).rejects.toMatchObject({ kind: 'invalid', code: 'bad-sort' });
  });
};
