import { expect, it } from '@jest/globals';
import { and, not, or, where, type Filter } from '../filter/filter.js';
import type { Aggregation, Documents, Query } from '../read-model-store.js';
import { Scope, type Restriction } from '../scope/scope.js';
import { everythingOf, type Bench, type Thing } from './subject.js';

const AMY = where('stage', '=', 'amy');

export const scopeTests = (bench: () => Bench): void => {
  const filled = async (restriction: Restriction = {}) => {
    const tenant = bench().newTenant();
    await bench().put(tenant, [
      { id: '1', name: 'Ada', stage: 'amy', amount: { minor: 10, currency: 'EUR' }, tags: ['a'] },
      { id: '2', name: 'Bob', stage: 'bea', amount: { minor: 20, currency: 'EUR' }, tags: ['b'] },
      { id: '3', name: 'Cid', stage: 'amy', amount: { minor: 40, currency: 'EUR' } },
    ]);
    return new Scope(tenant, restriction);
  };
  refusalTests(bench, filled);
  rowTests(bench, filled);
  hiddenTests(bench, filled);
};

type Filled = (restriction?: Restriction) => Promise<Scope>;

/** Every way to read. */
const reads = (things: Documents<Thing>, scope: Scope): readonly (() => Promise<unknown>)[] => [
  () => things.get(scope, '1'),
  () => things.getMany(scope, ['1']),
  () => things.query(scope, { limit: 1 }),
  () => things.count(scope),
  () => things.count(scope, AMY),
  () => things.estimatedCount(scope),
  () => things.aggregate(scope, { groupBy: [] }),
];

const refusalTests = (bench: () => Bench, filled: Filled): void => {
  const claims = (tenant: string): readonly unknown[] => [
    undefined,
    null,
    '',
    tenant,
    {},
    { tenant },
    { tenant: undefined, rows: undefined, hidden: [] },
    Object.create(new Scope(tenant)),
    { ...new Scope(tenant) },
    JSON.parse(JSON.stringify(new Scope(tenant))),
  ];

  it('shows nothing to what is no scope', async () => {
    const { tenant } = await filled();
    for (const claim of claims(tenant)) {
      for (const read of reads(bench().things, claim as Scope)) {
        await expect((async () => read())()).rejects.toMatchObject({ kind: 'internal', code: 'bad-scope' });
      }
    }
  });

  it.each([undefined, null, '', 'a-b', 'Main', 'main ', '*', 'a'.repeat(41), 7, ['main'], { $ne: null }])(
    'takes %j for no tenant',
    async (claim) => {
      const { things, store, nextPosition } = bench();
      const tenant = claim as string;
      const refused = { kind: 'invalid', code: 'bad-tenant' };
      expect(() => new Scope(tenant)).toThrow(expect.objectContaining(refused));
      await expect(things.load([{ tenant, id: '1' }])).rejects.toMatchObject(refused);
      const document = { id: '1', tenant };
      const writes = [{ collection: things, tenant, id: '1', position: nextPosition(), document }];
      await expect(store.write({ writes })).rejects.toMatchObject(refused);
    },
  );

  it('stays as it was made', async () => {
    const scope = new Scope('main', { rows: AMY, hidden: ['name'] });
    expect(() => Object.assign(scope, { tenant: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(scope, { rows: undefined })).toThrow(TypeError);
    expect(() => (scope.hidden as string[]).pop()).toThrow(TypeError);
    expect(() => new Scope('main', { hidden: ['id'] })).toThrow(expect.objectContaining({ code: 'bad-scope' }));
  });
};

const rowTests = (bench: () => Bench, filled: Filled): void => {
  it('answers as if documents outside its rows did not exist', async () => {
    const { things } = bench();
    const scope = await filled({ rows: AMY });
    expect(await things.get(scope, '1')).toMatchObject({ name: 'Ada' });
    expect(await things.get(scope, '2')).toBeUndefined();
    expect([...(await things.getMany(scope, ['2', '3', '1', '3', '4'])).keys()].sort()).toEqual(['1', '3']);
    expect((await things.query(scope, { limit: 2 })).next).toBeUndefined();
    expect(await idsOf(things, scope, { sort: [{ field: 'name', descending: true }] })).toEqual(['3', '1']);
    expect(await idsOf(things, scope, { filter: not(AMY) })).toEqual([]);
    expect(await idsOf(things, scope, { filter: where('name', '=', 'Bob') })).toEqual([]);
    expect(await things.count(scope)).toBe(2);
    expect(await things.estimatedCount(scope)).toBe(2);
    expect(await things.count(scope, where('amount.minor', '>=', 20))).toBe(1);
    const sum = await things.aggregate(scope, { groupBy: [], sums: ['amount.minor'] });
    expect(sum).toEqual([{ key: [], count: 2, sums: { 'amount.minor': 50n } }]);
  });

  it('lets no filter widen its rows', async () => {
    const { things } = bench();
    const scope = await filled({ rows: AMY });
    const everything: readonly Filter[] = [
      or(AMY, not(AMY)),
      or(where('name', 'present', null), where('name', '=', null)),
      { kind: 'and', terms: [] },
      not({ kind: 'or', terms: [] }),
    ];
    for (const filter of everything) expect(await idsOf(things, scope, { filter })).toEqual(['1', '3']);
  });

  it('shows nothing through rows that match nothing, or that name what the collection does not know', async () => {
    const { things } = bench();
    const { tenant } = await filled();
    const nobody = new Scope(tenant, { rows: or() });
    expect(await things.get(nobody, '1')).toBeUndefined();
    expect(await idsOf(things, nobody)).toEqual([]);
    expect(await things.estimatedCount(nobody)).toBe(0);
    const unknown = new Scope(tenant, { rows: where('teamId', '=', 'x') });
    for (const read of reads(things, unknown)) await expect(read()).rejects.toMatchObject({ code: 'bad-scope' });
  });

  it('goes on behind a cursor with the rows that are in sight by then', async () => {
    const { things } = bench();
    const { tenant } = await filled();
    const { next } = await things.query(everythingOf(tenant), { limit: 1 });
    const { documents } = await things.query(new Scope(tenant, { rows: AMY }), { limit: 9, cursor: next! });
    expect(documents.map(({ id }) => id)).toEqual(['3']);
  });
};

const hiddenTests = (bench: () => Bench, filled: Filled): void => {
  it('takes hidden fields out of what comes back, nested ones and those in lists too', async () => {
    const { things, put, newTenant } = bench();
    const tenant = newTenant();
    const phones = [{ kind: 'home', number: '1' }, { kind: 'work' }, 'none', null];
    const document = { id: '1', name: 'Ada', amount: { minor: 1, currency: 'EUR' }, day: null, phones };
    await put(tenant, [document]);
    const scope = new Scope(tenant, { hidden: ['name', 'amount.minor', 'phones.number', 'day.x', 'missing.y'] });
    const shown = {
      ...{ id: '1', tenant, amount: { currency: 'EUR' }, day: null },
      phones: [{ kind: 'home' }, { kind: 'work' }, 'none', null],
    };
    expect(await things.get(scope, '1')).toEqual(shown);
    expect([...(await things.getMany(scope, ['1'])).values()]).toEqual([shown]);
    expect((await things.query(scope, { limit: 1 })).documents).toEqual([shown]);
    expect(await things.get(everythingOf(tenant), '1')).toEqual({ ...document, tenant });
  });

  const asks: readonly [string, string, Partial<Query & Aggregation>][] = [
    ['amount', 'amount.minor', { filter: where('amount.minor', '>', 1) }],
    ['amount.minor', 'amount.minor', { filter: and(AMY, not(or(where('amount.minor', 'present', null)))) }],
    ['name', 'name', { sort: [{ field: 'stage' }, { field: 'name' }] }],
    ['amount', 'amount.minor', { sort: [{ field: 'amount.minor' }] }],
    ['stage', 'stage', { groupBy: ['name', 'stage'] }],
    ['amount', 'amount.minor', { groupBy: [], sums: ['amount.minor'] }],
  ];
  it.each(asks)('with %j hidden refuses to ask by %j: %j', async (hidden, field, { groupBy, sums, ...query }) => {
    const { things } = bench();
    const scope = await filled({ hidden: [hidden] });
    const refused = {
      kind: 'forbidden',
      code: 'hidden-field',
      message: expect.stringContaining(`"${field}"`) as unknown,
    };
    if (groupBy) await expect(things.aggregate(scope, { groupBy, sums: sums ?? [] })).rejects.toMatchObject(refused);
    else await expect(things.query(scope, { limit: 1, ...query })).rejects.toMatchObject(refused);
    if (query.filter) {
      await expect(things.count(scope, query.filter)).rejects.toMatchObject(refused);
      await expect(things.aggregate(scope, { groupBy: [], filter: query.filter })).rejects.toMatchObject(refused);
    }
  });

  it('hides no field for its likeness to a hidden one', async () => {
    const { things } = bench();
    const scope = await filled({ hidden: ['nam', 'amount.minorities', 'Stage'] });
    const sort = [{ field: 'name' }, { field: 'amount.minor' }, { field: 'stage' }];
    expect(await idsOf(things, scope, { sort })).toEqual(['1', '2', '3']);
  });

  it('may judge rows by what it hides', async () => {
    const { things } = bench();
    const scope = await filled({ rows: AMY, hidden: ['stage'] });
    expect(await idsOf(things, scope, { sort: [{ field: 'name' }] })).toEqual(['1', '3']);
    expect(await things.get(scope, '3')).not.toHaveProperty('stage');
    expect(await things.get(scope, '2')).toBeUndefined();
  });
};

const idsOf = async (things: Documents<Thing>, scope: Scope, query: Partial<Query> = {}): Promise<readonly string[]> =>
  (await things.query(scope, { limit: 100, ...query })).documents.map(({ id }) => id);
