import { contactsV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { account } from '../domain/account/account.js';

/** Companies. */
export const accounts = defineRecord({
  decider: account,
  contract: contactsV1,
  plural: 'accounts',
  refersTo: { parentId: 'account' },
  sort: [{ field: 'name' }],
  indexes: [['archived', 'name'], ['name'], ['externalId']],
  unlisted: ['description'],
  import: {
    matchBy: ['externalId', 'name'],
    synonyms: {
      name: ['account', 'account name', 'company', 'company name', 'organization', 'organisation'],
      sector: ['industry', 'branch'],
      yearEstablished: ['founded', 'year founded', 'year started'],
      revenue: ['annual revenue', 'turnover'],
      employees: ['number of employees', 'headcount', 'no of employees'],
      location: ['office location', 'headquarters', 'billing country', 'country'],
      parentId: null,
      website: ['web', 'url', 'homepage'],
      phone: ['telephone', 'phone number', 'main phone'],
      ownerId: null,
      tags: ['labels', 'keywords'],
      description: ['notes', 'details', 'comments'],
      externalId: ['account id', 'id', 'record id', 'external id', 'company id'],
    },
  },
});

export type AccountRecords = RecordsOf<typeof accounts>;
export type AccountDocument = DocumentOf<typeof accounts>;
