import { contactsV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { account } from '../domain/account/account.js';

/** Companies. */
export const accounts = defineRecord({
  decider: account,
  contract: contactsV1,
  plural: 'accounts',
  sort: [{ field: 'name' }],
  indexes: [['archived', 'name'], ['name'], ['externalId']],
  unlisted: ['description'],
});

export type AccountRecords = RecordsOf<typeof accounts>;
export type AccountDocument = DocumentOf<typeof accounts>;
