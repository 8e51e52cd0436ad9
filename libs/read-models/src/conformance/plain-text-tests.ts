import { expect, it } from '@jest/globals';
import { where } from '../filter/filter.js';
import { everythingOf, type Bench } from './subject.js';

/** Texts that some engine might take for something else. */
const TEXTS = [
  `'; DROP TABLE things; --`,
  `" OR ""="`,
  `\\`,
  `\\"`,
  `%`,
  `_`,
  `a%b_c`,
  `.*`,
  `^(a|b)+$`,
  `[x]`,
  `$where`,
  `{"$ne":null}`,
  `$gt`,
  `__proto__`,
  `constructor`,
  `amount.minor`,
  `*`,
  `?`,
  `:name`,
  `null`,
  `true`,
  `0`,
  `\n`,
  `","`,
  `日本語 が`,
  `😀 \u{10FFFF}`,
  `\uFFFD`,
  `ΟΔΟΣ`,
  `straße`,
];

export const plainTextTests = (bench: () => Bench): void => {
  it.each(TEXTS)('%j is text and nothing else', async (text) => {
    const { put, ids, things, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, [
      { id: 'plain', name: 'plain', tags: ['plain', 'and more'] },
      { id: 'missing' },
      { id: 'same', name: text, stage: `before ${text} after`, tags: ['other', text] },
      { id: 'begins', name: `${text} goes on` },
    ]);
    expect(await ids(tenant, { filter: where('name', '=', text) })).toEqual(['same']);
    expect(await ids(tenant, { filter: where('name', '!=', text) })).toEqual(['begins', 'missing', 'plain']);
    expect(await ids(tenant, { filter: where('stage', 'has', text) })).toEqual(['same']);
    expect(await ids(tenant, { filter: where('name', 'starts-with', text) })).toEqual(['begins', 'same']);
    expect(await ids(tenant, { filter: where('tags', '=', text) })).toEqual(['same']);
    expect(await ids(tenant, { filter: where('tags', 'has', text) })).toEqual(['same']);
    expect(await ids(tenant, { filter: where('tags', 'starts-with', text) })).toEqual(['same']);
    expect(
      await things.aggregate(everythingOf(tenant), { filter: where('name', '=', text), groupBy: ['name'] }),
    ).toEqual([{ key: [text], count: 1, sums: {} }]);
  });

  it.each(TEXTS)('%j may be an id, and is no part of a tenant', async (text) => {
    const { put, ids, things, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, [{ id: text, name: 'x' }]);
    expect(await things.get(everythingOf(tenant), text)).toEqual({ id: text, tenant, name: 'x' });
    expect(await ids(tenant)).toEqual([text]);
    expect((await things.load([{ tenant, id: text }])).size).toBe(1);
    await expect(put(`${tenant}-${text}`, [{ id: '1' }])).rejects.toMatchObject({ code: 'bad-tenant' });
  });

  it('does not read properties that a document only inherits', async () => {
    const { put, things, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, [JSON.parse('{"id":"1","__proto__":{"name":"inherited"}}') as { id: string }]);
    expect(await things.count(everythingOf(tenant), where('name', 'present', null))).toBe(0);
  });
};
