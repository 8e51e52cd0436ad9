import { contactsV1 } from '@rapport/contracts';
import { SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { COMPANY_KEY_VERSION, companyNameKeyOf, PHONE_END_VERSION, phoneEndOf, websiteKeyOf } from '@rapport/matching';
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
  lookups: [
    ['ownerId', 'name'],
    ['externalId'],
    ['teamId'],
    ['shared'],
    ['parentId'],
    ['mergedInto'],
    ['nameKey'],
    ['websiteKey'],
    ['phoneKey'],
  ],
  internal: ['merges'],
  unlisted: ['description'],
  filledIn: ['likelyDuplicates'],
  // Duplicates are looked for by these.
  derived: {
    fields: { nameKey: 'text', websiteKey: 'text', phoneKey: 'text', ...SHARED_FIELDS },
    of: (account) => ({
      nameKey: companyNameKeyOf(account.name),
      websiteKey: websiteKeyOf(account.website),
      phoneKey: phoneEndOf(account.phone ?? '') || undefined,
      ...sharedFields(account),
    }),
    version: COMPANY_KEY_VERSION + PHONE_END_VERSION,
  },
  search: {
    title: ['name'],
    subtitle: ['location', 'website'],
    by: { name: 'words', phone: 'phone', externalId: 'key' },
  },
  import: {
    matchBy: ['externalId', 'name'],
    synonyms: accountHeaders,
  },
});

export type AccountRecords = RecordsOf<typeof accounts>;
export type AccountDocument = DocumentOf<typeof accounts>;
