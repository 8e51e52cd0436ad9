import {
  findByField,
  findByWord,
  planRecord,
  someNames,
  type ImportField,
  type ImportKind,
  type RecordTarget,
  type RowValues,
} from '@rapport/imports';
import type { ContactFields } from '../domain/contact/contact.events.js';
import { contact, type ContactState } from '../domain/contact/contact.js';
import type { Lists } from './lists.js';

/** Rows about people. */
export const contactsImport = (lists: Lists, target: RecordTarget): ImportKind<ContactState> => ({
  kind: 'contacts',
  fields: [...PLAIN_FIELDS, accountOf(lists)],
  matchBy: ['externalId', 'email'],
  target,
  find: (scope, field, values) =>
    findByField(lists.contacts, scope, field === 'email' ? 'emailKey' : 'externalId', values),
  plan: (row) => planRecord<ContactFields, never>(contact as never, fieldsOfRow(row)),
});

const ADDRESS = ['street', 'city', 'region', 'postalCode', 'country'];

const fieldsOfRow = (row: RowValues): ContactFields => {
  const fields: Record<string, unknown> = {};
  const address: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name === 'account') fields['accountId'] = value;
    else if (ADDRESS.includes(name)) address[name] = value;
    else fields[name] = value;
  }
  return Object.keys(address).length === 0 ? fields : { ...fields, address };
};

const text = (name: string, label: string, maxLength: number, ...synonyms: string[]): ImportField => ({
  name,
  label,
  type: 'text',
  maxLength,
  personal: true,
  synonyms,
});

const PLAIN_FIELDS: readonly ImportField[] = [
  text('firstName', 'first name', 200, 'given name', 'forename', 'first'),
  text('lastName', 'last name', 200, 'surname', 'family name', 'last'),
  text('title', 'job title', 200, 'title', 'position', 'role'),
  {
    name: 'email',
    label: 'e-mail address',
    type: 'email',
    maxLength: 320,
    personal: true,
    synonyms: ['email', 'e mail', 'mail', 'email address', 'primary email', 'e mail 1 value'],
  },
  text('phone', 'phone', 50, 'telephone', 'phone number', 'mobile', 'mobile phone', 'phone 1 value'),
  text('street', 'street', 500, 'address', 'address 1', 'street address', 'mailing street'),
  text('city', 'city', 200, 'town', 'suburb', 'mailing city'),
  text('region', 'region', 200, 'state', 'province', 'county', 'mailing state'),
  text('postalCode', 'postal code', 50, 'zip', 'zip code', 'postcode', 'mailing postal code'),
  text('country', 'country', 100, 'mailing country'),
  text('description', 'description', 20_000, 'notes', 'comments'),
  { name: 'tags', label: 'tags', type: 'texts', synonyms: ['labels', 'keywords', 'groups'] },
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    maxLength: 200,
    synonyms: ['contact id', 'id', 'record id', 'rec id', 'external id', 'person id'],
  },
];

const accountOf = (lists: Lists): ImportField => ({
  name: 'account',
  label: 'account',
  type: 'reference',
  noun: 'account',
  synonyms: ['account name', 'account id', 'company', 'company name', 'organization', 'organisation'],
  find: (scope, names) => findByWord(lists.accounts, scope, names),
  names: (scope) => someNames(lists.accounts, scope),
});
