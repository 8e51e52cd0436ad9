import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailKeyOf } from './email.js';
import { mergePatch, type MergeRules, splitOf } from './merge.js';
import { patched } from './record.js';

const RULES: MergeRules = { united: ['tags'], addresses: [{ field: 'email', others: 'otherEmails', as: emailKeyOf }] };

type Person = Readonly<Record<string, unknown>>;

const merged = (survivor: Person, other: Person, choices = {}): Person =>
  patched(survivor, mergePatch(survivor, other, RULES, choices) as never);

const split = (before: Person, other: Person, now: Person, choices = {}, sides = {}) => {
  const states = { before, merged: merged(before, other, choices), now, other };
  const parts = splitOf(states, RULES, sides);
  return {
    survivor: patched(now, parts.survivor as never),
    other: patched(other, parts.other as never),
    changedSince: parts.changedSince,
  };
};

const ADA = { firstName: 'Ada', email: 'ada@one.example', tags: ['vip'] };
const KING = {
  lastName: 'King',
  firstName: 'A.',
  email: 'ada@two.example',
  otherEmails: ['a@three.example'],
  tags: ['old'],
};

describe('two records that become one', () => {
  it('have the survivor’s values, its blanks filled, and every address and tag of both', () => {
    expect(merged(ADA, KING)).toEqual({
      ...{ firstName: 'Ada', lastName: 'King', email: 'ada@one.example' },
      otherEmails: ['ada@two.example', 'a@three.example'],
      tags: ['vip', 'old'],
    });
  });

  it('have what was chosen, and lose no address by it', () => {
    const taken = merged(ADA, KING, { taken: ['firstName', 'email'], kept: ['lastName'] });
    expect(taken).toEqual({
      ...{ firstName: 'A.', email: 'ada@two.example', tags: ['vip', 'old'] },
      otherEmails: ['ada@one.example', 'a@three.example'],
    });
    const given = merged(ADA, KING, { set: { firstName: 'Augusta', tags: null } });
    expect(given).toMatchObject({ firstName: 'Augusta', lastName: 'King' });
    expect(given).not.toHaveProperty('tags');
  });

  it('have an address once, however it is written', () => {
    expect(merged(ADA, { email: 'mailto:ADA@one.example' })).toEqual(ADA);
  });
});

describe('one record that becomes two again', () => {
  it('gives a field that was changed since to the side whose value it replaced, and a new one to the survivor', () => {
    const now = { ...merged(ADA, KING), firstName: 'Augusta', lastName: 'Byron', title: 'Countess' };
    const { survivor, other, changedSince } = split(ADA, KING, now);
    expect(survivor).toEqual({ ...ADA, firstName: 'Augusta', title: 'Countess' });
    expect(other).toEqual({ ...KING, lastName: 'Byron' });
    expect(changedSince).toEqual([
      { field: 'firstName', value: 'Augusta', goesTo: 'this' },
      { field: 'lastName', value: 'Byron', goesTo: 'other' },
      { field: 'title', value: 'Countess', goesTo: 'this' },
    ]);
  });

  it('gives it where somebody wants it', () => {
    const now = { ...merged(ADA, KING), lastName: 'Byron', title: 'Countess', tags: ['vip', 'old', 'new'] };
    const { survivor, other } = split(ADA, KING, now, {}, { lastName: 'this', title: 'both', tags: 'other' });
    expect(survivor).toEqual({ ...ADA, lastName: 'Byron', title: 'Countess' });
    expect(other).toEqual({ ...KING, title: 'Countess', tags: ['old', 'new'] });
  });

  it('leaves an address with the one whose it is, whichever was made the first since', () => {
    const now = { ...merged(ADA, KING), email: 'ada@two.example', otherEmails: ['ada@one.example', 'a@three.example'] };
    const { survivor, other } = split(ADA, KING, now);
    expect(survivor).toEqual({ ...ADA, otherEmails: ['ada@one.example'] });
    expect(other).toEqual(KING);
  });

  it('takes from both lists what was taken away since', () => {
    const now = { ...merged(ADA, { ...KING, tags: ['vip', 'old'] }), tags: ['old'] };
    const { survivor, other } = split(ADA, { ...KING, tags: ['vip', 'old'] }, now);
    expect(survivor).not.toHaveProperty('tags');
    expect(other).toMatchObject({ tags: ['old'] });
  });
});

const text = fc.constantFrom('a', 'b', 'c', 'd');
const FIELDS = ['one', 'two', 'three', 'four'] as const;
const person = fc.record(
  {
    ...Object.fromEntries(FIELDS.map((field) => [field, text])),
    email: fc.constantFrom('a@x.example', 'b@x.example', 'c@x.example'),
    otherEmails: fc.uniqueArray(fc.constantFrom('d@x.example', 'e@x.example'), { minLength: 1 }),
    tags: fc.uniqueArray(text, { minLength: 1 }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Person>;
const some = fc.subarray([...FIELDS]);
const choices = fc.record({ taken: some, set: fc.dictionary(fc.constantFrom(...FIELDS), text) });

describe('any two records', () => {
  it('are what they were after a split, whatever was chosen', () => {
    fc.assert(
      fc.property(person, person, choices, (ours, theirs, chosen) => {
        const { survivor, other, changedSince } = split(ours, theirs, merged(ours, theirs, chosen), chosen);
        expect({ survivor, other, changedSince }).toEqual({ survivor: ours, other: theirs, changedSince: [] });
      }),
    );
  });

  it('have between them every change that was made in between, and nothing else', () => {
    const edits = fc.dictionary(fc.constantFrom(...FIELDS), fc.constantFrom('x', 'y'));
    fc.assert(
      fc.property(person, person, choices, edits, (ours, theirs, chosen, edited) => {
        const one = merged(ours, theirs, chosen);
        const { survivor, other } = split(ours, theirs, { ...one, ...edited }, chosen);
        for (const field of FIELDS) {
          const [mine, theirsNow] = [survivor[field], other[field]];
          if (!Object.hasOwn(edited, field)) expect([mine, theirsNow]).toEqual([ours[field], theirs[field]]);
          else if (one[field] !== undefined && one[field] === theirs[field] && one[field] !== ours[field])
            expect([mine, theirsNow]).toEqual([ours[field], edited[field]]);
          else expect([mine, theirsNow]).toEqual([edited[field], theirs[field]]);
        }
      }),
    );
  });
});
