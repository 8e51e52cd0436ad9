import { recordProjection, type RecordDocument } from '@rapport/service-kit';
import { account, type AccountState } from '../domain/account/account.js';

export type AccountDocument = RecordDocument<AccountState>;

/** Companies, as lists show them. */
export const accounts = recordProjection(account, {
  name: 'accounts',
  fields: {
    name: 'text',
    sector: 'text',
    yearEstablished: 'number',
    'revenue.minor': 'number',
    'revenue.currency': 'text',
    employees: 'number',
    location: 'text',
    parentId: 'text',
    website: 'text',
    phone: 'text',
    ownerId: 'text',
    tags: 'texts',
    externalId: 'text',
  },
  indexes: [['archived', 'name'], ['name'], ['externalId']],
});
