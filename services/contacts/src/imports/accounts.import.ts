import {
  findByField,
  findByWord,
  planRecord,
  someNames,
  type ImportField,
  type ImportKind,
  type RecordTarget,
} from '@rapport/imports';
import type { AccountFields } from '../domain/account/account.events.js';
import { account, type AccountState } from '../domain/account/account.js';
import type { Lists } from './lists.js';

/** Rows about companies. */
export const accountsImport = (lists: Lists, target: RecordTarget): ImportKind<AccountState> => ({
  kind: 'accounts',
  fields: [...PLAIN_FIELDS, parentOf(lists)],
  matchBy: ['externalId', 'name'],
  target,
  find: (scope, field, values) => findByField(lists.accounts, scope, field === 'name' ? 'name' : 'externalId', values),
  plan: ({ parent, tags, ...fields }) =>
    planRecord(account, {
      ...fields,
      ...(tags === undefined ? {} : { tags }),
      ...(parent === undefined ? {} : { parentId: parent }),
    } as unknown as AccountFields),
});

const PLAIN_FIELDS: readonly ImportField[] = [
  {
    name: 'name',
    label: 'name',
    type: 'text',
    maxLength: 300,
    required: true,
    synonyms: ['account', 'account name', 'company', 'company name', 'organization', 'organisation'],
  },
  { name: 'sector', label: 'sector', type: 'text', maxLength: 200, synonyms: ['industry', 'branch'] },
  {
    name: 'yearEstablished',
    label: 'year established',
    type: 'number',
    synonyms: ['founded', 'year founded', 'year started'],
  },
  { name: 'revenue', label: 'revenue', type: 'money', synonyms: ['annual revenue', 'turnover'] },
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
    maxLength: 300,
    synonyms: ['office location', 'headquarters', 'billing country', 'country'],
  },
  { name: 'website', label: 'website', type: 'text', maxLength: 500, synonyms: ['web', 'url', 'homepage'] },
  { name: 'phone', label: 'phone', type: 'text', maxLength: 50, synonyms: ['telephone', 'phone number', 'main phone'] },
  { name: 'tags', label: 'tags', type: 'texts', synonyms: ['labels', 'keywords'] },
  { name: 'description', label: 'description', type: 'text', synonyms: ['notes', 'details', 'comments'] },
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    maxLength: 200,
    synonyms: ['account id', 'id', 'record id', 'external id', 'company id'],
  },
];

const parentOf = (lists: Lists): ImportField => ({
  name: 'parent',
  label: 'parent company',
  type: 'reference',
  noun: 'account',
  ownKind: 'name',
  synonyms: ['subsidiary of', 'parent account', 'parent', 'parent company', 'parent id'],
  find: (scope, names) => findByWord(lists.accounts, scope, names),
  names: (scope) => someNames(lists.accounts, scope),
});
