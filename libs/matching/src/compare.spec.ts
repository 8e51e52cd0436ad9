import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compare, inWords, type Match, type Person, profileOf } from './index.js';

const match = (one: Person, other: Person): Match => compare(profileOf(one), profileOf(other));
const said = (one: Person, other: Person): readonly string[] => match(one, other).evidence.map(inWords);

const home = { street: '6 Tullaroop Street', city: 'St James', postalCode: '4011' };
const ada: Person = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  birthDate: '1915-12-10',
  emails: ['ada@lovelace.example'],
};

describe('two records are compared', () => {
  it.each<[string, Person, Person, readonly string[]]>([
    [
      'e-mail in any writing',
      { emails: ['Ada@Example.org'] },
      { emails: ['x@y.z', 'mailto:ada@example.org'] },
      ['same e-mail'],
    ],
    ['an office', { emails: ['info@acme.example'] }, { emails: ['info@acme.example'] }, ['same e-mail of an office']],
    [
      'phone with and without country code',
      { phones: ['+44 20 7946 0000'] },
      { phones: ['(020) 7946-0000'] },
      ['same phone'],
    ],
    ['accents and case', { lastName: 'MÜLLER' }, { lastName: 'Muller' }, ['same last name']],
    ['a slip', { lastName: 'Lovelace' }, { lastName: 'Lovelcae' }, ['similar last name 0.97']],
    ['a nickname', { firstName: 'William' }, { firstName: 'Bill' }, ['short form of the first name']],
    ['an initial', { firstName: 'A.' }, { firstName: 'Ada' }, ['short form of the first name']],
    ['a second name', { lastName: 'García' }, { lastName: 'García Márquez' }, ['last name agrees in part']],
    ['fields swapped', ada, { firstName: 'Lovelace', lastName: 'Ada' }, ['first and last name swapped']],
    [
      'day and month',
      { birthDate: '1915-12-10' },
      { birthDate: '1915-10-12' },
      ['day and month of the birth date swapped'],
    ],
    ['digits turned round', { birthDate: '1915-12-10' }, { birthDate: '1951-12-10' }, ['similar birth date']],
    [
      'lines of an address swapped',
      { address: { street: 'Arawang, 4 Langdon Ave' } },
      { address: { street: '4 Langdon Avenue\nArawang' } },
      ['similar street 0.92', 'same house number'],
    ],
    [
      'domain of the account',
      { accountDomain: 'ACME.example' },
      { accountDomain: 'acme.example' },
      ['same domain of the account'],
    ],
  ])('by %s', (_, one, other, evidence) => expect(said(one, other)).toEqual(evidence));

  it('and what is missing says nothing', () => {
    expect(match({}, ada)).toEqual({ score: 0, verdict: 'unlikely', evidence: [] });
    expect(
      match({ firstName: '', lastName: ' ', phones: ['12'], emails: [''] }, { phones: ['12'], emails: [''] }).score,
    ).toBe(0);
  });

  it('the same both ways, and the score is what the evidence weighs', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'l', 'é', ' ', '1', '@', '.'), maxLength: 8 });
    const name = fc.oneof(text, fc.constantFrom('Bill', 'William', 'Liam', 'Will', 'Anna', 'Ana María'));
    const person: fc.Arbitrary<Person> = fc.record(
      {
        firstName: name,
        lastName: name,
        emails: fc.array(text, { maxLength: 2 }),
        phones: fc.array(fc.constantFrom('+44 20 7946 0000', '02079460000', '7'), { maxLength: 2 }),
        birthDate: fc.constantFrom('1915-12-10', '1915-10-12', '1915-12-11', '2000-01-01'),
        address: fc.record({ street: text, city: text, postalCode: text }, { requiredKeys: [] }),
        accountDomain: text,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(person, person, (one, other) => {
        const there = match(one, other);
        expect(match(other, one).score).toBeCloseTo(there.score, 9);
        expect(match(other, one).verdict).toBe(there.verdict);
        expect(there.evidence.reduce((sum, { weight }) => sum + weight, 0)).toBe(there.score);
        expect(there.evidence.every((piece) => inWords(piece).length > 5)).toBe(true);
      }),
    );
  });
});

describe('what would be merged without asking', () => {
  it('is somebody whose name and birth date agree, or name and e-mail', () => {
    expect(match(ada, { ...ada, emails: [] }).verdict).toBe('certain');
    expect(match(ada, { ...ada, birthDate: undefined }).verdict).toBe('certain');
  });

  it('is nobody of whom no more than the name is known', () => {
    expect(match({ firstName: 'Ada', lastName: 'Lovelace' }, { firstName: 'Ada', lastName: 'Lovelace' }).verdict).toBe(
      'likely',
    );
  });

  it('is neither of two twins, nor a father with his son', () => {
    const known = { ...ada, emails: [], phones: ['+44 20 7946 0000'], address: home };
    expect(match(known, { ...known, firstName: 'Byron' }).verdict).toBe('likely');
    expect(match(known, { ...known, birthDate: '1948-05-02' }).verdict).toBe('likely');
  });

  it('is no household, and no office', () => {
    const known = { ...ada, emails: [], phones: ['+44 20 7946 0000'], address: home };
    expect(match(known, { ...known, firstName: 'Ralph', birthDate: '1948-05-02' }).verdict).toBe('unlikely');
    expect(
      match(
        { ...known, birthDate: undefined, accountDomain: 'x.example' },
        { ...known, firstName: 'Charles', lastName: 'Babbage', accountDomain: 'x.example' },
      ).verdict,
    ).toBe('unlikely');
  });
});
