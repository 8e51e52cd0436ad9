import { describe, expect, it } from '@jest/globals';
import { assert, property, string } from 'fast-check';
import { parseFilter } from './filter.js';
import { matches, pathsOf } from './matching.js';
import { ScimError } from './scim-error.js';
import { ENTERPRISE_USER, userType } from './user-type.js';

const ada = {
  userName: 'Ada@Example.org',
  externalId: 'X1',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [
    { value: 'ada@example.org', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  meta: { lastModified: '2026-01-31T12:00:00.000Z' },
  [ENTERPRISE_USER]: { department: 'Engines', manager: { value: 'u1' } },
};
const fits = (filter: string): boolean => matches(parseFilter(filter), ada, pathsOf(userType));

describe('a filter of SCIM', () => {
  it.each([
    'userName eq "ada@example.org"',
    'USERNAME Eq "ADA@example.org"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada"',
    'externalId eq "X1"',
    'not (externalId eq "x1")',
    'name.familyName co "love"',
    'name.familyName ew "LACE"',
    'active eq true',
    'active eq "True"',
    'title ne "Boss"',
    'title eq null',
    'emails co "home"',
    'emails.type eq "home"',
    'emails[type eq "work" and value co "@example.org"]',
    'emails[type eq "work"].value eq "ada@example.org"',
    'userType pr or emails pr and not (title pr)',
    '(userType pr or emails pr) and active pr',
    'meta.lastModified gt "2026-01-31T10:00:00+00:00"',
    'meta.lastModified le "2026-01-31T12:00:00Z"',
    `${ENTERPRISE_USER}:department eq "engines"`,
    `${ENTERPRISE_USER}:manager eq "u1"`,
    `${ENTERPRISE_USER}:manager.value eq "u1"`,
    'name.givenName gt "ac" and name.givenName lt "b"',
  ])('finds who is meant: %s', (filter) => expect(fits(filter)).toBe(true));

  it.each([
    'userName eq "bo"',
    'externalId eq "x1"',
    'active ne true',
    'nothing pr',
    'nothing eq "x"',
    'emails[type eq "home" and value co "@example.org"]',
    'emails ne "ada@home.example"',
    'title gt "a"',
    'userName eq 5',
    'title pr and emails pr or userType pr',
  ])('leaves others out: %s', (filter) => expect(fits(filter)).toBe(false));

  it.each([
    '',
    'userName',
    'userName eq',
    'userName is "x"',
    'userName eq x',
    'userName eq "x',
    'userName eq "x" and',
    '(userName pr',
    'userName pr)',
    'emails[type eq "work"',
    'not userName pr',
    'active gt true',
    'active eq "x"',
    'meta.created gt "yesterday"',
    `${'('.repeat(60)}active pr${')'.repeat(60)}`,
    '1x eq "x"',
  ])('that cannot be read is refused: %s', (filter) => {
    const refused = expect.objectContaining({ status: 400, scimType: 'invalidFilter' }) as never;
    const there = { ...ada, meta: { created: '2026-01-01T00:00:00Z' } };
    expect(() => matches(parseFilter(filter), there, pathsOf(userType))).toThrow(refused);
  });

  it('is read or refused, whatever it says', () => {
    const words = string({ unit: 'grapheme', maxLength: 60 });
    const pieces = string({ unit: 'binary-ascii', maxLength: 60 });
    const isReadOrRefused = (text: string): boolean => {
      try {
        return typeof fits(text) === 'boolean';
      } catch (failure) {
        return failure instanceof ScimError;
      }
    };
    for (const text of [words, pieces]) assert(property(text, isReadOrRefused));
    assert(property(words, (text) => isReadOrRefused(`userName eq ${JSON.stringify(text)} and (${text})`)));
  });
});
