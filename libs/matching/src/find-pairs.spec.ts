import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { blockKeys, compare, findPairs, LIKELY, type Person, profileOf } from './index.js';

describe('pairs in a list', () => {
  const name = fc.constantFrom('Ada', 'Bill', 'William', 'Lovelace', 'Lovelcae', 'Babbage', '');
  const person: fc.Arbitrary<Person> = fc.record({
    firstName: name,
    lastName: name,
    emails: fc.array(fc.constantFrom('ada@example.org', 'bill@example.org', 'info@example.org'), { maxLength: 2 }),
    birthDate: fc.constantFrom('1915-12-10', '1915-10-12', undefined),
    address: fc.record({
      street: fc.constantFrom('6 Hill St', '7 Hill St'),
      postalCode: fc.constantFrom('4011', '4012'),
    }),
  });

  it('are those of all with all that share a key, each once', () => {
    fc.assert(
      fc.property(fc.array(person, { maxLength: 12 }), (people) => {
        const profiles = people.map(profileOf);
        const keys = profiles.map((profile) => new Set(blockKeys(profile)));
        const expected = profiles.flatMap((one, first) =>
          profiles.flatMap((other, second) =>
            first < second &&
            [...keys[first]!].some((key) => keys[second]!.has(key)) &&
            compare(one, other).score >= LIKELY
              ? [`${first} ${second}`]
              : [],
          ),
        );
        const found = [...findPairs(profiles, LIKELY)].map(({ first, second }) => `${first} ${second}`);
        expect(found.sort()).toEqual(expected.sort());
      }),
    );
  });

  it('are found in a block that is too large to compare all with all', () => {
    const people = Array.from({ length: 3_000 }, (_, n) => ({
      firstName: `Person${n >> 1}`,
      birthDate: '1970-01-01',
      phones: ['0207 946 0000'],
    }));
    const found = [...findPairs(people.map(profileOf), LIKELY)].filter(
      ({ first, second }) => second === first + 1 && first % 2 === 0,
    );
    expect(found).toHaveLength(1_500);
  });

  it('share a key whatever one slip did', () => {
    const known = {
      firstName: 'Katherine',
      lastName: 'Johnson',
      birthDate: '1918-08-26',
      address: { street: '12 Orchard Road', postalCode: '24986' },
    };
    const slipped: readonly Person[] = [
      { ...known, lastName: 'Jonhson' },
      { ...known, firstName: 'Kathy', lastName: 'Goble' },
      { ...known, firstName: 'Johnson', lastName: 'Katherine' },
      { ...known, birthDate: '1918-08-62' },
      { firstName: 'Katherine', lastName: 'Johnson' },
      { lastName: 'Johnsen', address: known.address },
    ];
    const keys = new Set(blockKeys(profileOf(known)));
    for (const person of slipped) expect(blockKeys(profileOf(person)).some((key) => keys.has(key))).toBe(true);
  });
});
