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
});

export type RepresentativeDocument = DocumentOf<typeof representatives>;
