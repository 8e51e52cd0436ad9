import {
  findByWord,
  missingByName,
  recordImport,
  someNames,
  valuesById,
  type ImportField,
  type ImportKind,
  type RecordTargetParts,
  type ReferenceField,
} from '@rapport/imports';
import type { ServiceRuntime } from '@rapport/service-kit';
import { accounts } from '../records/accounts.js';
import { contacts } from '../records/contacts.js';
import { leads } from '../records/leads.js';
import { importUnlessSuppressed } from '../suppression/import-unless-suppressed.js';
import type { Suppressions } from '../suppression/suppressions.js';
import { parentHeaders } from './account-headers.js';
import { contactAccountHeaders } from './contact-headers.js';

/** Everything that can be brought into contacts from a file: what the records have, and the accounts that rows name. */
export const importKinds = (
  runtime: ServiceRuntime,
  parts: RecordTargetParts,
  suppressions: Suppressions,
): readonly ImportKind[] => {
  const account = { ...accountOf(runtime), missing: missingByName(accounts, runtime, parts) };
  const ofContacts = recordImport(contacts, runtime, parts, [account]);
  const ofLeads = recordImport(leads, runtime, parts, []);
  return [
    recordImport(accounts, runtime, parts, [parentOf(runtime)]),
    { ...ofContacts, target: importUnlessSuppressed(ofContacts.target, suppressions) },
    { ...ofLeads, target: importUnlessSuppressed(ofLeads.target, suppressions) },
  ];
};

const parentOf = (runtime: ServiceRuntime): ImportField => ({
  name: 'parent',
  label: 'parent company',
  path: 'parentId',
  type: 'reference',
  noun: 'account',
  ownKind: {
    calledBy: 'name',
    above: (scope, ids) => valuesById(runtime.projection(accounts.projection).documents, scope, ids, 'parentId'),
  },
  synonyms: parentHeaders,
  ...named(runtime),
});

const accountOf = (runtime: ServiceRuntime): ReferenceField => ({
  name: 'account',
  label: 'account',
  path: 'accountId',
  type: 'reference',
  noun: 'account',
  synonyms: contactAccountHeaders,
  ...named(runtime),
});

/** Where the names of accounts are looked up. */
const named = (runtime: ServiceRuntime): Pick<Extract<ImportField, { type: 'reference' }>, 'find' | 'names'> => ({
  find: (scope, names) => findByWord(runtime.projection(accounts.projection).documents, scope, names),
  names: (scope) => someNames(runtime.projection(accounts.projection).documents, scope),
});
