import { contactsModule, contactsService } from '@rapport/contacts';
import { contactsV1, eventsV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { type GoldenAggregate, type Invoke, TENANT } from './golden-events.js';
import { lifeOf, recordOf } from './life-of-a-record.js';

const ownerId = '01940000-0000-7000-8000-000000000001';
const accountId = '01940000-0000-7000-8000-000000000002';
const contactId = '01940000-0000-7000-8000-000000000003';
const aliasId = '01940000-0000-7000-8000-000000000005';
const otherAccountId = '01940000-0000-7000-8000-000000000004';

const [contacts, accounts] = [recordOf(contactsService, 'contact'), recordOf(contactsService, 'account')];

const given: GoldenAggregate['given'] = [
  ['account', accountId, { type: 'AccountCreated', schemaVersion: 1, data: { name: 'Holding' } }],
];

const contact: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'contact',
  versions: [1],
  given: [
    ...given,
    [
      'contact',
      contactId,
      { type: 'ContactCreated', schemaVersion: 1, data: { lastName: 'King', birthDate: '1815-12-10' } },
    ],
  ],
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
    await invoke(contacts.service, 'rectifyContact', {
      ...{ id, contact: contactsV1.Contact.fromPartial({ lastName: 'King' }), updateMask: ['lastName', 'salutation'] },
      ...{ askedBy: 'Ada King', askedAt: '2025-12-30T09:00:00Z', note: 'My name is King' },
    });
    const merge = { fields: {}, updateMask: [] };
    await invoke(contacts.service, 'mergeContact', {
      id,
      otherId: contactId,
      ...merge,
      fields: { birthDate: 'other' },
    });
    await invoke(contacts.service, 'unmergeContact', {
      id,
      otherId: contactId,
      fields: { title: 'both' },
      relations: {},
    });
    await invoke(contacts.service, 'mergeContact', { id: contactId, otherId: id, ...merge });
    await invoke(contacts.service, 'unmergeContact', { id: contactId, otherId: id, fields: {}, relations: {} });
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
  given: [
    ...given,
    ['account', otherAccountId, { type: 'AccountCreated', schemaVersion: 1, data: { name: 'ACME Corp.' } }],
  ],
  produce: async (invoke) => {
    const made = await lifeOf(
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
    );
    const { id } = made;
    const merge = { fields: {}, updateMask: [] };
    await invoke(accounts.service, 'mergeAccount', {
      id,
      otherId: otherAccountId,
      ...merge,
      fields: { sector: 'this' },
    });
    await invoke(accounts.service, 'unmergeAccount', {
      id,
      otherId: otherAccountId,
      fields: { location: 'both' },
      relations: {},
    });
    await invoke(accounts.service, 'mergeAccount', { id: otherAccountId, otherId: id, ...merge });
    await invoke(accounts.service, 'unmergeAccount', { id: otherAccountId, otherId: id, fields: {}, relations: {} });
    return made;
  },
  read: (invoke, id) => invoke(accounts.service, 'getAccount', { id }),
};

const leads = recordOf(contactsService, 'lead');

const lead: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'lead',
  versions: [1],
  produce: async (invoke) => {
    const made = await lifeOf(
      invoke,
      leads,
      {
        ...{
          salutation: 'Ms.',
          firstName: 'Ada',
          lastName: 'Lovelace',
          title: 'Countess',
          company: 'Analytical Engines',
        },
        ...{
          email: 'ada@analytical.example',
          phone: '+44 20 7946 0042',
          website: 'https://ada.example',
          description: 'One',
        },
        ...{ status: 'working', rating: 'hot', source: 'web', amount: { minor: 482_100, currency: 'USD' }, ownerId },
        ...{ utmSource: 'newsletter', utmMedium: 'email', utmCampaign: 'spring', utmTerm: 'engine', utmContent: 'top' },
        ...{ tags: ['vip'], externalId: 'crm-3' },
      },
      { status: 'unqualified', unqualifiedReason: 'Has one', phone: undefined },
    );
    const { id } = made;
    await invoke(leads.service, 'holdLead', { id, reason: 'Case 17' });
    await invoke(leads.service, 'restrictLead', { id, reason: 'Says that it is wrong' });
    await invoke(leads.service, 'unrestrictLead', { id });
    await invoke(leads.service, 'releaseLead', { id });
    await invoke(leads.service, 'rectifyLead', {
      ...{ id, lead: contactsV1.Lead.fromPartial({ lastName: 'King' }), updateMask: ['lastName', 'salutation'] },
      ...{ askedBy: 'Ada King', askedAt: '2025-12-30T09:00:00Z', note: 'My name is King' },
    });
    await invoke(leads.service, 'convertLead', { id, account: { new: true } });
    await invoke(leads.service, 'undoLeadConversion', { id });
    return made;
  },
  erase: (invoke, id) => invoke(leads.service, 'eraseLead', { id }),
  drawn: ['receiptId'],
  read: (invoke, id) => invoke(leads.service, 'getLead', { id }),
};

const alias: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'alias',
  versions: [1],
  given: [['contact', aliasId, { type: 'ContactCreated', schemaVersion: 1, data: { lastName: 'King' } }]],
  produce: async (invoke, time, { runtime }) => {
    const survivor = contactsV1.Contact.fromPartial({ lastName: 'Lovelace' });
    const { id } = await invoke(contacts.service, 'createContact', { contact: survivor });
    const merge = { id, otherId: aliasId, fields: {}, updateMask: [] };
    const stream = streamName('alias', TENANT, aliasId);
    const told = async () => (await Array.fromAsync(runtime.events.read(stream))).length;
    await invoke(contacts.service, 'mergeContact', merge);
    await time.passUntil('the alias was made', async () => (await told()) === 1);
    await invoke(contacts.service, 'unmergeContact', { id, otherId: aliasId, fields: {}, relations: {} });
    await time.passUntil('the alias was ended', async () => (await told()) === 2);
    return { id: aliasId };
  },
  // Nobody asks for it but whoever hears of it.
  read: async (invoke, id) => {
    const asked = { after: '', limit: 100, waitMilliseconds: 0, filter: `subject = "alias/${id}"` };
    const { events } = (await invoke(eventsV1.ContextEventsServiceDefinition.fullName, 'pullEvents', asked)) as {
      readonly events?: readonly { readonly type: string; readonly data: object }[];
    };
    return { told: (events ?? []).map(({ type, data }) => ({ type, data })) };
  },
};

const CONSENTS = 'rapport.contacts.v1.ConsentsService';

const consent: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'consent',
  versions: [1],
  given: [['contact', contactId, { type: 'ContactCreated', schemaVersion: 1, data: { lastName: 'Lovelace' } }]],
  produce: async (invoke, { clock }) => {
    const tomorrow = new Date(clock.now().getTime() + 24 * 60 * 60_000).toISOString();
    const said = {
      ...{ contactId, address: 'grace@example.org', channel: 'email', topic: 'newsletter', purpose: 'marketing' },
      ...{ state: 'granted', legalBasis: 'consent', textVersion: '3', text: 'Yes, write to me', source: 'form' },
      ...{ occurredAt: '2025-12-31T10:00:00Z', expiresAt: tomorrow },
    };
    const { id } = await invoke(CONSENTS, 'createConsent', { consent: contactsV1.Consent.fromPartial(said) });
    return { id: id! };
  },
  erase: (invoke, id, time) => {
    const isOver = async () => {
      const { data } = (await invoke(CONSENTS, 'listConsentHistory', { id })) as { data?: readonly object[] };
      return data?.length === 2;
    };
    return time.passUntil('its proof expired', isOver);
  },
  // Keyed with a secret of the installation.
  drawn: ['addressKey'],
  read: (invoke, id) => invoke(CONSENTS, 'getConsent', { id }),
};

const activities = recordOf(contactsService, 'activity');

const written = (invoke: Invoke, fields: object): Promise<{ readonly id?: string }> =>
  invoke(activities.service, 'createActivity', { activity: contactsV1.Activity.fromPartial(fields) });

const activity = {
  ...{ context: 'contacts', module: contactsModule, aggregate: 'activity', versions: [1] },
  given: [
    ['contact', contactId, { type: 'ContactCreated', schemaVersion: 1, data: { lastName: 'Lovelace', accountId } }],
  ],
  read: (invoke, id) => invoke(activities.service, 'getActivity', { id }),
} satisfies Partial<GoldenAggregate>;

const task: GoldenAggregate = {
  ...activity,
  kind: 'task',
  produce: async (invoke, { clock }) => {
    const made = await lifeOf(
      invoke,
      activities,
      {
        ...{ kind: 'task', subject: 'Send the offer', text: 'She wants it by letter', ownerId, tags: ['offer'] },
        ...{ related: [{ kind: 'contact', id: contactId }], pinned: true, mentions: [ownerId], priority: 'high' },
        ...{ dueOn: '2026-02-02', remindAt: new Date(clock.now().getTime() + 60 * 60_000).toISOString() },
      },
      { dueOn: '2026-02-03', recurrence: 'FREQ=WEEKLY' },
    );
    const { id } = made;
    await invoke(activities.service, 'completeTask', { id });
    await invoke(activities.service, 'reopenTask', { id });
    return made;
  },
  erase: (invoke, id, time) => {
    const isReminded = async () => {
      const { data } = (await invoke(activities.service, 'listActivityHistory', { id })) as {
        data: { type: string }[];
      };
      return data.some(({ type }) => type === 'TaskReminded');
    };
    return time.passUntil('somebody was reminded', isReminded);
  },
};

const meeting: GoldenAggregate = {
  ...activity,
  kind: 'meeting',
  produce: async (invoke) => {
    const { id } = await written(invoke, {
      ...{ kind: 'meeting', subject: 'The offer', at: '2026-01-05T09:00:00Z', endsAt: '2026-01-05T10:00:00Z' },
      ...{ place: 'Her office', participants: [{ contactId, attendance: 'accepted' }, { userId: ownerId }] },
    });
    await invoke(activities.service, 'markMeetingNotHeld', { id });
    await invoke(activities.service, 'markMeetingHeld', { id });
    return { id: id! };
  },
};

const call: GoldenAggregate = {
  ...activity,
  kind: 'call',
  produce: async (invoke) => {
    const { id } = await written(invoke, {
      ...{ kind: 'call', text: 'Will call back', related: [{ kind: 'contact', id: contactId }] },
      ...{ at: '2026-01-02T03:00:00Z', direction: 'outbound', outcome: 'reached', durationSeconds: 120 },
    });
    return { id: id! };
  },
};

const fields = recordOf(contactsService, 'field');

const field: GoldenAggregate = {
  context: 'contacts',
  module: contactsModule,
  aggregate: 'field',
  versions: [1],
  produce: (invoke) =>
    lifeOf(
      invoke,
      fields,
      {
        ...{ object: 'contact', key: 'tier', label: 'Tier', kind: 'choice', personal: false, required: true },
        choices: [
          { value: 'gold', label: 'Gold' },
          { value: 'tin', label: 'Tin', retired: true },
        ],
        ...{ defaultValue: 'gold', helpText: 'How much they buy', order: 1, group: 'Buying' },
      },
      { label: 'Level', group: undefined },
    ),
  read: (invoke, id) => invoke(fields.service, 'getField', { id }),
};

export const contactsGolden = [contact, account, alias, lead, consent, task, meeting, call, field];
