import { nameKeysAround, PEOPLE, type Profile } from '@rapport/matching';
import { or, where } from '@rapport/read-models';
import { type ContactDocument, contacts, EMAIL_KEYS, PHONE_KEYS } from '../records/contacts.js';
import type { Key, MatchedKind } from './matched-kind.js';
import { profileOfContact } from './person-of.js';

/** Contacts that may mean one person. */
export const people: MatchedKind<ContactDocument, Profile> = {
  kind: 'contact',
  list: contacts.projection,
  matching: PEOPLE,
  compared: ['firstName', 'lastName', 'email', 'otherEmails', 'phone', 'otherPhones', 'birthDate', 'address'],
  profileOf: (contact) => profileOfContact(contact),
  keysOf: (profile) => keysOfPerson(profile),
  nameOf: ({ firstName, lastName }) => [firstName, lastName].filter(Boolean).join(' ') || undefined,
};

export const keysOfPerson = (profile: Profile): readonly Key[] => {
  const any = (field: string, values: readonly string[]): readonly Key[] =>
    values.length === 0 ? [] : [{ field, filter: or(...values.map((value) => where(field, '=', value))) }];
  return [
    ...EMAIL_KEYS.flatMap((field) => any(field, profile.emails)),
    ...PHONE_KEYS.flatMap((field) => any(field, profile.phones)),
    ...any('nameKey', nameKeysAround(profile)),
    ...any('birthDate', profile.born === '' ? [] : [profile.born.replace(/^(\d{4})(\d\d)/, '$1-$2-')]),
  ];
};
