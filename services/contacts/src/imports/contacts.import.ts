import {
  findByField,
  findByWord,
  planRecord,
  someNames,
  type ImportField,
  type ImportKind,
  type RecordTarget,
} from '@rapport/imports';
import type { ContactFields } from '../domain/contact/contact.events.js';
import { contact, type ContactState } from '../domain/contact/contact.js';
import type { Lists } from './lists.js';

/** Rows about people. */
export const contactsImport = (lists: Lists, target: RecordTarget): ImportKind<ContactState> => {
  const fields = [...PLAIN_FIELDS, accountOf(lists)];
  return {
    kind: 'contacts',
    message: 'rapport.contacts.v1.Contact',
    fields,
    matchBy: ['externalId', 'email'],
    target,
    find: (scope, field, values) =>
      findByField(lists.contacts, scope, field === 'email' ? 'emailKey' : 'externalId', values),
    plan: (row) => planRecord<ContactFields, never>(contact as never, fields, row),
  };
};

const text = (name: string, label: string, ...synonyms: string[]): ImportField => ({
  name,
  label,
  type: 'text',
  personal: true,
  synonyms,
});

const addressPart = (name: string, label: string, ...synonyms: string[]): ImportField => ({
  ...text(name, label, ...synonyms),
  path: `address.${name}`,
});

const PLAIN_FIELDS: readonly ImportField[] = [
  text('firstName', 'first name', 'given name', 'forename', 'first'),
  text('lastName', 'last name', 'surname', 'family name', 'last'),
  text('title', 'job title', 'title', 'position', 'role'),
  {
    name: 'email',
    label: 'e-mail address',
    type: 'email',
    personal: true,
    synonyms: ['email', 'e mail', 'mail', 'email address', 'primary email', 'e mail 1 value'],
  },
  text('phone', 'phone', 'telephone', 'phone number', 'mobile', 'mobile phone', 'phone 1 value'),
  addressPart('street', 'street', 'address', 'address 1', 'street address', 'mailing street'),
  addressPart('city', 'city', 'town', 'suburb', 'mailing city'),
  addressPart('region', 'region', 'state', 'province', 'county', 'mailing state'),
  addressPart('postalCode', 'postal code', 'zip', 'zip code', 'postcode', 'mailing postal code'),
  addressPart('country', 'country', 'mailing country'),
  text('description', 'description', 'notes', 'comments'),
  { name: 'tags', label: 'tags', type: 'texts', synonyms: ['labels', 'keywords', 'groups'] },
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    synonyms: ['contact id', 'id', 'record id', 'rec id', 'external id', 'person id'],
  },
];

const accountOf = (lists: Lists): ImportField => ({
  name: 'account',
  label: 'account',
  path: 'accountId',
  type: 'reference',
  noun: 'account',
  synonyms: ['account name', 'account id', 'company', 'company name', 'organization', 'organisation'],
  find: (scope, names) => findByWord(lists.accounts, scope, names),
  names: (scope) => someNames(lists.accounts, scope),
});
