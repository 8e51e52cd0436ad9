import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  COMPANIES,
  type Company,
  companyNameKeyOf,
  companyNameOf,
  findPairs,
  inWords,
  LIKELY,
  PairSearch,
  profileOfCompany,
  websiteKeyOf,
} from './index.js';

const match = (one: Company, other: Company) => COMPANIES.compare(profileOfCompany(one), profileOfCompany(other));

describe('names of companies', () => {
  it.each([
    ['ACME GmbH & Co. KG', 'acme'],
    ['Acme, Inc.', 'acme'],
    ['The Acme Company Ltd', 'acme'],
    ['Ácme S.p.A.', 'acme'],
    ['Acme B.V.', 'acme'],
    ['Acme Pty. Ltd.', 'acme'],
    ['Kan-code', 'kancode'],
    ['Müller und Söhne OHG', 'mullerundsohne'],
    ['Company', 'company'],
    ['The Limited', 'thelimited'],
  ])('are compared without their legal form: %s', (name, whole) => {
    expect(companyNameOf(name).whole).toBe(whole);
  });
});

describe('two companies', () => {
  it.each<[string, Company, Company, string]>([
    ['one name in two forms', { name: 'Acme GmbH' }, { name: 'ACME Ltd.' }, 'likely'],
    [
      'one name and one website',
      { name: 'Acme GmbH', website: 'https://www.acme.example/about' },
      { name: 'acme', website: 'acme.example' },
      'certain',
    ],
    ['a slip in a long name', { name: 'Codehow Systems' }, { name: 'Codehow Sistems' }, 'likely'],
    [
      'another name and one website',
      { name: 'IBM', website: 'ibm.example' },
      { name: 'International Machines', website: 'ibm.example' },
      'likely',
    ],
    [
      'a part of the name and the telephone',
      { name: 'Acme', phone: '+44 20 7946 0000' },
      { name: 'Acme Germany', phone: '020 7946 0000' },
      'likely',
    ],
    [
      'one name and websites of two countries',
      { name: 'Acme', website: 'acme.example' },
      { name: 'Acme AG', website: 'acme.test' },
      'likely',
    ],
    [
      'one name and websites that are others',
      { name: 'Delta', website: 'delta.example' },
      { name: 'Delta', website: 'taps.example' },
      'unlikely',
    ],
    [
      'pages of one platform',
      { name: 'Smith', website: 'facebook.com/smith' },
      { name: 'Jones', website: 'facebook.com/jones' },
      'unlikely',
    ],
    ['a part of the name alone', { name: 'Acme' }, { name: 'Acme Germany' }, 'unlikely'],
    ['nothing', {}, {}, 'unlikely'],
  ])('with %s', (_, one, other, verdict) => {
    expect(match(one, other).verdict).toBe(verdict);
    expect(match(other, one)).toEqual(match(one, other));
  });

  it('are told why', () => {
    const { score, evidence } = match(
      { name: 'Acme Inc', website: 'acme.example', location: 'Ludlow' },
      { name: 'ACME', website: 'www.acme.example', location: 'York' },
    );
    expect(evidence.map(inWords)).toEqual(['same website', 'same name', 'other location']);
    expect(score).toBe(28);
  });

  it('are never certain by another name, whatever else they share', () => {
    const shared = { website: 'acme.example', phone: '+44 20 7946 0000', location: 'York' };
    expect(match({ name: 'Acme', ...shared }, { name: 'Acme Germany', ...shared }).verdict).toBe('likely');
  });
});

describe('pairs of companies', () => {
  const company: fc.Arbitrary<Company> = fc.record({
    name: fc.constantFrom('Acme', 'ACME GmbH', 'Acme Germany', 'Betasoloin', 'Betasoloni', 'Codehow', ''),
    website: fc.constantFrom('acme.example', 'www.acme.test', 'beta.example', undefined),
    phone: fc.constantFrom('+44 20 7946 0000', '020 7946 0000', undefined),
    location: fc.constantFrom('York', 'Ludlow', undefined),
  });

  it('share a key wherever they are likely', () => {
    fc.assert(
      fc.property(company, company, (one, other) => {
        const [a, b] = [profileOfCompany(one), profileOfCompany(other)];
        fc.pre(COMPANIES.compare(a, b).score >= LIKELY);
        expect(COMPANIES.keysOf(a).some((key) => COMPANIES.keysOf(b).includes(key))).toBe(true);
      }),
    );
  });

  it('are found in a list', () => {
    const making = PairSearch.among(
      ['Acme', 'Codehow', 'ACME Inc.'].map((name) => profileOfCompany({ name })),
      COMPANIES,
    );
    let made = making.next();
    while (!made.done) made = making.next();
    expect([...made.value.behind(0, LIKELY)]).toMatchObject([{ first: 0, second: 2 }]);
    expect([...findPairs([], LIKELY)]).toEqual([]);
  });

  it('have one key in a list, in whatever form they are written', () => {
    expect(companyNameKeyOf('The Acme Co., Ltd.')).toBe(companyNameKeyOf('ACME'));
    expect(websiteKeyOf('https://www.acme.example/about')).toBe(websiteKeyOf('acme.test'));
    expect([companyNameKeyOf(undefined), companyNameKeyOf('…'), websiteKeyOf('nothing')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
