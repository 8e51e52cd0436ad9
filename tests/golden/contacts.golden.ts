import { contactsModule, contactsService } from '@rapport/contacts';
import type { GoldenAggregate } from './golden-events.js';
import { lifeOf, recordOf } from './life-of-a-record.js';

const ownerId = '01940000-0000-7000-8000-000000000001';
const accountId = '01940000-0000-7000-8000-000000000002';

const [contacts, accounts] = [recordOf(contactsService, 'contact'), recordOf(contactsService, 'account')];

const given: GoldenAggregate['given'] = [
  ['account', accountId, { type: 'AccountCreated', schemaVersion: 1, data: { name: 'Holding' } }],
];

const contact: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'contact',
  versions: [1],
  given,
  produce: async (invoke) => {
    const made = await lifeOf(
      invoke,
      contacts,
      {
        firstName: 'Ada',
        lastName: 'Lovelace',
        title: 'Countess',
        email: 'ada@example.org',
        phone: '+44 20 7946 0000',
        otherEmails: ['a.l@example.org'],
        otherPhones: ['+44 20 7946 0001'],
        address: {
          street: '12 St James’s Square',
          city: 'London',
          region: 'England',
          postalCode: 'SW1Y',
          country: 'GB',
        },
        description: 'Wrote the first program',
        accountId,
        ownerId,
        tags: ['vip', 'mathematics'],
        externalId: 'crm-1',
      },
      { title: 'Analyst', tags: ['vip'], phone: undefined },
    );
    const { id } = made;
    await invoke(contacts.service, 'holdContact', { id, reason: 'Case 17' });
    await invoke(contacts.service, 'restrictContact', { id, reason: 'Says that it is wrong' });
    await invoke(contacts.service, 'unrestrictContact', { id });
    await invoke(contacts.service, 'releaseContact', { id });
    return made;
  },
  erase: (invoke, id) => invoke(contacts.service, 'eraseContact', { id }),
  drawn: ['receiptId'],
  read: (invoke, id) => invoke(contacts.service, 'getContact', { id }),
};

const account: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'account',
  versions: [1],
  given,
  produce: (invoke) =>
    lifeOf(
      invoke,
      accounts,
      {
        name: 'Acme Corporation',
        sector: 'technology',
        yearEstablished: 1996,
        revenue: { minor: 110_004_000, currency: 'USD' },
        employees: 2_822,
        location: 'United States',
        parentId: accountId,
        website: 'https://acme.example',
        phone: '+1 555 0100',
        ownerId,
        tags: ['key'],
        description: 'Makes everything',
        externalId: 'crm-2',
      },
      { employees: 3_000, website: undefined },
    ),
  read: (invoke, id) => invoke(accounts.service, 'getAccount', { id }),
};

export const contactsGolden = [contact, account];
