import { contactsV1 } from '@rapport/contracts';
import { SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { defineRecord, type DocumentOf, publishMerges, type RecordsOf } from '@rapport/service-kit';
import { accountHeaders } from '../imports/account-headers.js';
import { account } from '../domain/account/account.js';

/** Companies. */
export const accounts = defineRecord({
  decider: account,
  contract: contactsV1,
  plural: 'accounts',
  refersTo: { parentId: 'account' },
  publishes: publishMerges('Account'),
  sort: [{ field: 'name' }],
  indexes: [['archived', 'name'], ['name']],
  lookups: [['ownerId', 'name'], ['externalId'], ['teamId'], ['shared'], ['parentId'], ['mergedInto']],
  internal: ['merges'],
  unlisted: ['description'],
  derived: { fields: SHARED_FIELDS, of: sharedFields },
  import: {
    matchBy: ['externalId', 'name'],
    synonyms: accountHeaders,
  },
});

export type AccountRecords = RecordsOf<typeof accounts>;
export type AccountDocument = DocumentOf<typeof accounts>;
