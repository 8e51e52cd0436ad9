import { salesV1 } from '@rapport/contracts';
import { EMAIL_KEY_VERSION, emailKeyOf } from '@rapport/kernel';
import { defineRecord, type DocumentOf, withoutReasons } from '@rapport/service-kit';
import { KEPT_ON_ERASURE, representative } from '../domain/representative/representative.js';

/** Who sells. After an erasure only what is not personal is left of one. */
export const representatives = defineRecord({
  decider: representative,
  contract: salesV1,
  plural: 'representatives',
  publishes: {
    RepresentativeErased: ({ data: { receiptId } }) => ({ type: 'RepresentativeErased', data: { receiptId } }),
    ...withoutReasons('Representative'),
  },
  keepOnErase: KEPT_ON_ERASURE,
  internal: ['aside'],
  sort: [{ field: 'name' }],
  indexes: [['name']],
  lookups: [['emailKey'], ['externalId']],
  // Imports find people by it.
  derived: {
    fields: { emailKey: 'text' },
    of: ({ email }) => ({ emailKey: email === undefined ? undefined : emailKeyOf(email) }),
    compared: { email: { by: 'emailKey', as: emailKeyOf } },
    version: EMAIL_KEY_VERSION,
  },
  search: { title: ['name'], subtitle: ['region'], by: { name: 'words', email: 'email', externalId: 'key' } },
  import: {
    matchBy: ['externalId', 'email', 'name'],
    foundBy: { email: 'emailKey' },
    synonyms: {
      name: ['sales agent', 'agent', 'sales rep', 'representative', 'full name', 'owner', 'user'],
      manager: ['manager name', 'team lead'],
      managerId: null,
      hold: null,
      restriction: null,
      region: ['regional office', 'office', 'territory'],
      email: ['email address', 'mail'],
      externalId: ['user id', 'owner id', 'employee id', 'id', 'external id'],
    },
  },
});

export type RepresentativeDocument = DocumentOf<typeof representatives>;
