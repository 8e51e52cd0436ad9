import { expect, it } from '@jest/globals';
import { parseFilter } from '../filter/parse-filter.js';
import { and, or, where } from '../filter/filter.js';
import { everythingOf, THINGS, type Bench, type Thing } from './subject.js';

/** `full` has every field, `other` other values, `empty` none, `nulls` null everywhere, `odd` values of wrong types. */
const DOCUMENTS: readonly Omit<Thing, 'tenant'>[] = [
  {
    id: 'full',
    name: 'Ångström GmbH',
    stage: 'Won',
    amount: { minor: 1000 },
    active: true,
    day: '2026-02-28',
    at: '2026-02-28T23:30:00+01:00',
    tags: ['VIP', 'Café'],
  },
  {
    id: 'other',
    name: 'beta',
    stage: '',
    amount: { minor: -2.5 },
    active: false,
    day: '2026-03-01',
    at: '2026-03-01T00:00:00.001Z',
    tags: ['x'],
  },
  { id: 'empty' },
  { id: 'nulls', name: null, stage: null, amount: null, active: null, day: null, at: null, tags: [] },
  {
    id: 'odd',
    name: 7,
    stage: {},
    amount: { minor: '1000' },
    active: 'true',
    day: '2026-02-30',
    at: 'noon',
    tags: 'VIP',
  },
];

const MISSING = ['empty', 'nulls', 'odd'];

/** Filter as written → the documents it finds. Every operator of every field type, with its complement by NOT. */
const CASES: readonly (readonly [filter: string, found: readonly string[]])[] = [
  ['', ['full', 'other', ...MISSING]],
  ['name = "Ångström GmbH"', ['full']],
  ['name = "angstrom gmbh"', []],
  ['name != beta', ['full', ...MISSING]],
  ['name < beta', []],
  ['name <= beta', ['other']],
  ['name > beta', ['full']],
  ['name >= beta', ['full', 'other']],
  ['name:ANGSTROM', ['full']],
  ['name:"öm g"', ['full']],
  ['name:""', ['full', 'other']],
  ['name = ang*', ['full']],
  ['name = "*"', ['full', 'other']],
  ['name != ang*', ['other', ...MISSING]],
  ['name:*', ['full', 'other']],
  ['name = null', MISSING],
  ['name != null', ['full', 'other']],
  ['stage = ""', ['other']],
  ['stage:*', ['full', 'other']],
  ['amount.minor = 1000', ['full']],
  ['amount.minor != 1000', ['other', ...MISSING]],
  ['amount.minor < 0', ['other']],
  ['amount.minor <= -2.5', ['other']],
  ['amount.minor > -2.5', ['full']],
  ['amount.minor >= -2.5', ['full', 'other']],
  ['amount.minor:1e3', ['full']],
  ['amount.minor:*', ['full', 'other']],
  ['amount.minor = null', MISSING],
  ['active = true', ['full']],
  ['active != true', ['other', ...MISSING]],
  ['active:false', ['other']],
  ['active:*', ['full', 'other']],
  ['active = null', MISSING],
  ['day = 2026-02-28', ['full']],
  ['day != 2026-02-28', ['other', ...MISSING]],
  ['day < 2026-03-01', ['full']],
  ['day <= 2026-03-01', ['full', 'other']],
  ['day > 2026-02-28', ['other']],
  ['day >= 2026-03-01', ['other']],
  ['day:*', ['full', 'other']],
  ['day = null', MISSING],
  ['at = 2026-02-28T22:30:00Z', ['full']],
  ['at != "2026-02-28T22:30:00.000Z"', ['other', ...MISSING]],
  ['at < 2026-03-01', ['full']],
  ['at <= 2026-03-01T00:00:00.001Z', ['full', 'other']],
  ['at > 2026-03-01', ['other']],
  ['at >= 2026-02-28T23:30:00+01:00', ['full', 'other']],
  ['at:*', ['full', 'other']],
  ['at = null', MISSING],
  ['tags = VIP', ['full']],
  ['tags = vip', []],
  ['tags != VIP', ['other', ...MISSING]],
  ['tags:vip', ['full']],
  ['tags:vi', []],
  ['tags:cafe', ['full']],
  ['tags = caf*', ['full']],
  ['tags:*', ['full', 'other']],
  ['tags = null', MISSING],
  ['name:* AND amount.minor > 0', ['full']],
  ['stage = Won OR tags:x', ['full', 'other']],
  ['active = true stage = Won OR stage = ""', ['full']],
  ['NOT (name:* AND (day = 2026-02-28 OR active = true))', ['other', ...MISSING]],
];

/** A name and how somebody with another keyboard looks for it. */
const FOLDED: readonly (readonly [written: string, asked: string])[] = [
  ['Łukasz', 'lukasz'],
  ['Đoàn', 'doan'],
  ['Æther', 'aether'],
  ['Straße', 'strasse'],
  ['Øystein', 'oystein'],
  ['Œuvre', 'oeuvre'],
  ['Þóra', 'thora'],
  ['Ħamrun', 'hamrun'],
];

export const filterTests = (bench: () => Bench): void => {
  it.each(CASES)('%s', async (text, expected) => {
    const { put, ids, things, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, DOCUMENTS);
    const filter = parseFilter(text, THINGS.fields);
    const all = DOCUMENTS.map(({ id }) => id).sort();
    expect(await ids(tenant, { filter })).toEqual([...expected].sort());
    expect(await things.count(everythingOf(tenant), filter)).toBe(expected.length);
    expect(await ids(tenant, { filter: { kind: 'not', term: filter } })).toEqual(
      all.filter((id) => !expected.includes(id)),
    );
  });

  it.each(FOLDED)('finds %s by %s', async (written, asked) => {
    const { put, ids, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, [
      { id: 'found', name: written, stage: `before ${written} after`, tags: [written] },
      { id: 'other', name: 'x', stage: 'x', tags: ['x'] },
    ]);
    for (const text of [asked, asked.toUpperCase(), written]) {
      for (const field of ['name', 'stage', 'tags']) {
        expect(await ids(tenant, { filter: where(field, 'has', text) })).toEqual(['found']);
      }
      expect(await ids(tenant, { filter: where('name', 'starts-with', text) })).toEqual(['found']);
    }
  });

  it('takes a thousand alternatives', async () => {
    const { put, ids, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, DOCUMENTS);
    const names = Array.from({ length: 1000 }, (_, i) => where('name', '=', `nobody ${i}`));
    expect(await ids(tenant, { filter: or(...names, where('name', '=', 'beta')) })).toEqual(['other']);
  });

  it('takes "and" and "or" of nothing as true and false', async () => {
    const { put, ids, newTenant } = bench();
    const tenant = newTenant();
    await put(tenant, [{ id: '1' }]);
    expect(await ids(tenant, { filter: and() })).toEqual(['1']);
    expect(await ids(tenant, { filter: or() })).toEqual([]);
  });

  it.each([
    ['an unknown field', where('nmae', '=', 'x'), /"nmae".*name, /],
    ['a field of every object', where('__proto__', '=', 'x'), /unknown field "__proto__"/],
    ['a value of another type', where('amount.minor', '>', 'many'), /"many".*a number/],
    ['an operator the type does not have', where('active', '<', true), /"active" \(boolean\)/],
    ['null in a comparison of order', where('day', '<', null), /null/],
  ])('refuses %s as invalid', async (_, filter, message) => {
    const refusal = { kind: 'invalid', code: 'bad-filter', message: expect.stringMatching(message) };
    const { things } = bench();
    await expect(things.query(everythingOf('any'), { filter, limit: 1 })).rejects.toMatchObject(refusal);
    await expect(things.count(everythingOf('any'), filter)).rejects.toMatchObject(refusal);
    await expect(things.aggregate(everythingOf('any'), { filter, groupBy: [] })).rejects.toMatchObject(refusal);
  });
};
