import { expect, it } from '@jest/globals';
import { and, type Filter, or, where } from '../filter/filter.js';
import { Scope } from '../scope/scope.js';
import type { Query } from '../read-model-store.js';
import { everythingOf, OPEN_FIELDS, type Bench } from './subject.js';

const FLEET = [
  { id: '1', 'own.word': 'Vienna', 'own.size': 3, 'own.tags': ['red', 'Blue'] },
  { id: '2', 'own.word': 'Ávila', 'own.size': 12, 'own.price': { minor: 500, currency: 'EUR' } },
  { id: '3', 'own.word': 'vienna', 'own.day': '2026-02-01' },
  { id: '4', 'own.size': 'twelve' },
] as const;

export const openFieldTests = (bench: () => Bench): void => {
  const fleet = async () => {
    const { things, put, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, FLEET);
    const own = things.withFields(OPEN_FIELDS);
    const ids = async (query: Partial<Query>) =>
      (await own.query(everythingOf(tenant), { limit: 1000, ...query })).documents.map(({ id }) => id);
    return { tenant, own, ids };
  };

  it('are asked for, sorted by and added up as declared ones are', async () => {
    const { tenant, own, ids } = await fleet();
    expect(await ids({ filter: where('own.word', '=', 'Vienna') })).toEqual(['1']);
    expect(await ids({ filter: where('own.word', 'starts-with', 'vie') })).toEqual(['1', '3']);
    expect(await ids({ filter: where('own.tags', 'has', 'blue') })).toEqual(['1']);
    expect(await ids({ filter: where('own.size', '>', 2) })).toEqual(['1', '2']);
    expect(await ids({ filter: where('own.price.minor', '<=', 500) })).toEqual(['2']);
    expect(await ids({ filter: where('own.day', '>=', '2026-01-01') })).toEqual(['3']);
    expect(await ids({ sort: [{ field: 'own.word' }] })).toEqual(['2', '1', '3', '4']);
    expect(await ids({ sort: [{ field: 'own.size', descending: true }] })).toEqual(['2', '1', '4', '3']);
    const groups = await own.aggregate(everythingOf(tenant), { groupBy: ['own.price.currency'], sums: ['own.size'] });
    expect(groups.map(({ key, count, sums }) => [key[0], count, sums['own.size']])).toEqual([
      ['EUR', 1, 12n],
      [null, 3, 3n],
    ]);
  });

  it('that are lists are found by how one of their elements begins, and by any of several of them', async () => {
    const { put, newTenant, things } = bench();
    const [tenant, other] = [newTenant(), newTenant()];
    const words = [['smith', 'ann'], ['smithson'], ['~mith'], ['a.b*', 'smi']];
    const documents = words.map((each, n) => ({ id: String(n), 'kept.words': each, 'own.tags': [`t${n}`] }));
    for (const each of [tenant, other]) await put(each, documents);
    const own = things.withFields(OPEN_FIELDS);
    const found = async (...terms: Filter[]) =>
      (await own.query(everythingOf(tenant), { filter: or(...terms), limit: 10 })).documents.map(({ id }) => id);
    const starts = (word: string) => where('kept.words', 'starts-with', word);
    expect(await found(starts('Smith'))).toEqual(['0', '1']);
    expect(await found(starts('smi'), starts('~'))).toEqual(['0', '1', '2', '3']);
    expect(await found(starts('a.'), where('own.tags', 'has', 't2'))).toEqual(['2', '3']);
    expect(await found(and(starts('an'), starts('smith')), where('kept.words', 'has', 'smithson'))).toEqual(['0', '1']);
    expect(await found(starts('b'), starts('mith'))).toEqual([]);
  });

  it('are missing where a value is of another type', async () => {
    const { ids } = await fleet();
    expect(await ids({ filter: where('own.size', 'present', null) })).toEqual(['1', '2']);
  });

  it('are no fields until they are named, nor of another name', async () => {
    const { things } = bench();
    const query = { filter: where('own.size', '=', 1), limit: 1 };
    await expect(things.query(everythingOf('nobody'), query)).rejects.toMatchObject({ code: 'bad-filter' });
    for (const name of ['size', 'other.size', 'own.', "own.a'b", 'own.a"b', 'own.a b'])
      expect(() => things.withFields({ [name]: 'number' })).toThrow('has no open field');
  });

  it('are looked up anew once a document says something else, and gone with it', async () => {
    const { put, remove } = bench();
    const { tenant, ids } = await fleet();
    const isTwelve = { filter: where('own.size', '=', 12) };
    expect(await ids(isTwelve)).toEqual(['2']);
    await put(tenant, [
      { id: '2', 'own.size': 13 },
      { id: '1', 'own.size': 12 },
    ]);
    expect(await ids(isTwelve)).toEqual(['1']);
    await remove(tenant, '1');
    expect(await ids(isTwelve)).toEqual([]);
  });

  it('are hidden, one of them or all', async () => {
    const { tenant, own } = await fleet();
    const query = { filter: where('own.size', '=', 3), limit: 10 };
    for (const hidden of ['own.size', 'own'])
      await expect(own.query(new Scope(tenant, { hidden: [hidden] }), query)).rejects.toMatchObject({
        code: 'hidden-field',
      });
    const one = await own.get(new Scope(tenant, { hidden: ['own.size'] }), '1');
    expect(one).toEqual({ id: '1', tenant, 'own.word': 'Vienna', 'own.tags': ['red', 'Blue'] });
    expect(await own.get(new Scope(tenant, { hidden: ['own'] }), '1')).toEqual({ id: '1', tenant });
  });

  it('are of one tenant', async () => {
    const { own } = await fleet();
    const { newTenant } = bench();
    expect(await own.count(everythingOf(newTenant()), where('own.size', '=', 3))).toBe(0);
  });
};
