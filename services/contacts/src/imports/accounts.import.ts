import {
  findByField,
  findByWord,
  planRecord,
  someNames,
  type ImportField,
  type ImportKind,
  type RecordTarget,
} from '@rapport/imports';
import { account, type AccountState } from '../domain/account/account.js';
import type { Lists } from './lists.js';

/** Rows about companies. */
export const accountsImport = (lists: Lists, target: RecordTarget): ImportKind<AccountState> => {
  const fields = [...PLAIN_FIELDS, parentOf(lists)];
  return {
    kind: 'accounts',
    message: 'rapport.contacts.v1.Account',
    fields,
    matchBy: ['externalId', 'name'],
    target,
    find: (scope, field, values) =>
      findByField(lists.accounts, scope, field === 'name' ? 'name' : 'externalId', values),
    plan: (row) => planRecord(account, fields, row),
  };
};

const PLAIN_FIELDS: readonly ImportField[] = [
  {
    name: 'name',
    label: 'name',
    type: 'text',
    required: true,
    synonyms: ['account', 'account name', 'company', 'company name', 'organization', 'organisation'],
  },
  { name: 'sector', label: 'sector', type: 'text', synonyms: ['industry', 'branch'] },
  {
    name: 'yearEstablished',
    label: 'year established',
    type: 'number',
    synonyms: ['founded', 'year founded', 'year started'],
  },
  { name: 'revenue', label: 'revenue', type: 'money', synonyms: ['annual revenue', 'turnover'] },
  {
    name: 'currency',
    label: 'currency',
    type: 'currency',
    of: 'revenue',
    synonyms: ['currency code', 'currency iso code'],
  },
  {
    name: 'employees',
    label: 'employees',
    type: 'number',
    synonyms: ['number of employees', 'headcount', 'no of employees'],
  },
  {
    name: 'location',
    label: 'location',
    type: 'text',
    synonyms: ['office location', 'headquarters', 'billing country', 'country'],
  },
  { name: 'website', label: 'website', type: 'text', synonyms: ['web', 'url', 'homepage'] },
  { name: 'phone', label: 'phone', type: 'text', synonyms: ['telephone', 'phone number', 'main phone'] },
  { name: 'tags', label: 'tags', type: 'texts', synonyms: ['labels', 'keywords'] },
  { name: 'description', label: 'description', type: 'text', synonyms: ['notes', 'details', 'comments'] },
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    synonyms: ['account id', 'id', 'record id', 'external id', 'company id'],
  },
];

const parentOf = (lists: Lists): ImportField => ({
  name: 'parent',
  label: 'parent company',
  path: 'parentId',
  type: 'reference',
  noun: 'account',
  ownKind: 'name',
  synonyms: ['subsidiary of', 'parent account', 'parent', 'parent company', 'parent id'],
  find: (scope, names) => findByWord(lists.accounts, scope, names),
  names: (scope) => someNames(lists.accounts, scope),
});
