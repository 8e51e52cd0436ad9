import { contactsModule } from '@rapport/contacts';
import { contactsV1 } from '@rapport/contracts';
import type { GoldenAggregate, Invoke } from './golden-events.js';

const CONTACTS = contactsV1.ContactsServiceDefinition.fullName;
const ACCOUNTS = contactsV1.AccountsServiceDefinition.fullName;

const ownerId = '01940000-0000-7000-8000-000000000001';
const accountId = '01940000-0000-7000-8000-000000000002';

/** Every event of a plain record: created, edited, a change undone, archived, restored. */
const lifeOf = async (
  invoke: Invoke,
  service: string,
  noun: 'Contact' | 'Account',
  fields: Fields,
): Promise<{ id: string }> => {
  const field = noun.toLowerCase();
  const create = contactsV1[`Create${noun}Request`].fromPartial({ [field]: fields.created });
  const id = (await invoke(service, `create${noun}`, create)).id!;
  await invoke(service, `update${noun}`, { id, [field]: fields.edited, updateMask: fields.mask });
  const history = (await invoke(service, `list${noun}History`, { id })) as { data?: readonly { eventId: string }[] };
  await invoke(service, `undo${noun}Change`, { id, eventId: history.data![0]!.eventId, laterChanges: 'refuse' });
  await invoke(service, `archive${noun}`, { id });
  await invoke(service, `restore${noun}`, { id });
  return { id };
};

interface Fields {
  readonly created: object;
  readonly edited: object;
  readonly mask: readonly string[];
}

const contact: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'contact',
  versions: [1],
  produce: (invoke) =>
    lifeOf(invoke, CONTACTS, 'Contact', {
      created: {
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
      edited: { title: 'Analyst', tags: ['vip'] },
      mask: ['title', 'tags', 'phone'],
    }),
  erase: (invoke, id) => invoke(CONTACTS, 'eraseContact', { id }),
  drawn: ['receiptId'],
  read: (invoke, id) => invoke(CONTACTS, 'getContact', { id }),
};

const account: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'account',
  versions: [1],
  produce: (invoke) =>
    lifeOf(invoke, ACCOUNTS, 'Account', {
      created: {
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
      edited: { employees: 3_000 },
      mask: ['employees', 'website'],
    }),
  read: (invoke, id) => invoke(ACCOUNTS, 'getAccount', { id }),
};

export const contactsGolden = [contact, account];
