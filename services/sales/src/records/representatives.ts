import { salesV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf } from '@rapport/service-kit';
import { representative } from '../domain/representative/representative.js';

/** Who sells. */
export const representatives = defineRecord({
  decider: representative,
  contract: salesV1,
  plural: 'representatives',
  sort: [{ field: 'name' }],
  indexes: [['name'], ['externalId']],
  import: {
    matchBy: ['externalId', 'email', 'name'],
    synonyms: {
      name: ['sales agent', 'agent', 'sales rep', 'representative', 'full name', 'owner', 'user'],
      manager: ['manager name', 'team lead'],
      region: ['regional office', 'office', 'territory'],
      email: ['email address', 'mail'],
      externalId: ['user id', 'owner id', 'employee id', 'id', 'external id'],
    },
  },
});

export type RepresentativeDocument = DocumentOf<typeof representatives>;
