import { nameKeysAround, PEOPLE, type Profile } from '@rapport/matching';
import { type ContactDocument, contacts, EMAIL_KEYS, PHONE_KEYS } from '../records/contacts.js';
import { anyOf, type Key, type MatchedKind } from './matched-kind.js';
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
  return [
    ...EMAIL_KEYS.flatMap((field) => anyOf(field, profile.emails)),
    ...PHONE_KEYS.flatMap((field) => anyOf(field, profile.phones)),
    ...anyOf('nameKey', nameKeysAround(profile)),
    ...anyOf('birthDate', profile.born === '' ? [] : [profile.born.replace(/^(\d{4})(\d\d)/, '$1-$2-')]),
  ];
};
