import { type ImportKind, planRecord, type RecordTarget, findByField } from '@rapport/imports';
import type { RepresentativeFields } from '../domain/representative/representative.events.js';
import { representative, type RepresentativeState } from '../domain/representative/representative.js';
import type { Directory } from '../read-models/directory.js';

/** Rows about who sells. */
export const representativesImport = (directory: Directory, target: RecordTarget): ImportKind<RepresentativeState> => ({
  kind: 'representatives',
  fields: [
    {
      name: 'name',
      label: 'name',
      type: 'text',
      maxLength: 300,
      required: true,
      personal: true,
      synonyms: ['sales agent', 'agent', 'sales rep', 'representative', 'full name', 'owner', 'user'],
    },
    { name: 'manager', label: 'manager', type: 'text', maxLength: 300, synonyms: ['manager name', 'team lead'] },
    {
      name: 'region',
      label: 'region',
      type: 'text',
      maxLength: 200,
      synonyms: ['regional office', 'office', 'territory'],
    },
    { name: 'email', label: 'e-mail', type: 'email', personal: true, synonyms: ['email address', 'mail'] },
    {
      name: 'externalId',
      label: 'key in the other system',
      type: 'text',
      maxLength: 200,
      synonyms: ['user id', 'owner id', 'employee id', 'id', 'external id'],
    },
  ],
  matchBy: ['externalId', 'email', 'name'],
  target,
  find: (scope, field, values) =>
    findByField(directory.representatives, scope, MATCHED.find((known) => known === field) ?? 'externalId', values),
  plan: (row) => planRecord(representative, row as unknown as RepresentativeFields),
});

const MATCHED = ['externalId', 'email', 'name'] as const;
