import { contactsV1 } from '@rapport/contracts';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { contact, KEPT_ON_ERASURE } from '../domain/contact/contact.js';

/** E-mail addresses that differ only in case are one: imports find people by this. */
const emailKeyOf = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** People. After an erasure only what is not personal is left of one. */
export const contacts = defineRecord({
  decider: contact,
  contract: contactsV1,
  plural: 'contacts',
  publishes: {
    ContactErased: ({ data: { receiptId } }) => ({ type: 'ContactErased', data: { receiptId } }),
  },
  keepOnErase: KEPT_ON_ERASURE,
  sort: [{ field: 'lastName' }],
  indexes: [['archived', 'lastName'], ['email'], ['emailKey'], ['externalId'], ['accountId']],
  unlisted: ['otherEmails', 'otherPhones', 'address.street', 'address.postalCode', 'description'],
  derived: {
    fields: { emailKey: 'text' },
    of: ({ email }) => ({ emailKey: email === undefined ? undefined : emailKeyOf(email) }),
  },
});

export type ContactRecords = RecordsOf<typeof contacts>;
export type ContactDocument = DocumentOf<typeof contacts>;
