import { type ImportField, type ImportKind, planRecord, type RecordTarget, findByField } from '@rapport/imports';
import { representative, type RepresentativeState } from '../domain/representative/representative.js';
import type { Directory } from '../read-models/directory.js';

/** Rows about who sells. */
export const representativesImport = (directory: Directory, target: RecordTarget): ImportKind<RepresentativeState> => ({
  kind: 'representatives',
  message: 'rapport.sales.v1.Representative',
  fields: FIELDS,
  matchBy: ['externalId', 'email', 'name'],
  target,
  find: (scope, field, values) =>
    findByField(directory.representatives, scope, MATCHED.find((known) => known === field) ?? 'externalId', values),
  plan: (row) => planRecord(representative, FIELDS, row),
});

const MATCHED = ['externalId', 'email', 'name'] as const;

const FIELDS: readonly ImportField[] = [
  {
    name: 'name',
    label: 'name',
    type: 'text',
    required: true,
    personal: true,
    synonyms: ['sales agent', 'agent', 'sales rep', 'representative', 'full name', 'owner', 'user'],
  },
  { name: 'manager', label: 'manager', type: 'text', synonyms: ['manager name', 'team lead'] },
  {
    name: 'region',
    label: 'region',
    type: 'text',
    synonyms: ['regional office', 'office', 'territory'],
  },
  { name: 'email', label: 'e-mail', type: 'email', personal: true, synonyms: ['email address', 'mail'] },
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    synonyms: ['user id', 'owner id', 'employee id', 'id', 'external id'],
  },
];
