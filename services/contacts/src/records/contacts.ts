import { contactsV1 } from '@rapport/contracts';
import { emailKeyOf } from '@rapport/imports';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { contact, KEPT_ON_ERASURE } from '../domain/contact/contact.js';

/** People. After an erasure only what is not personal is left of one. */
export const contacts = defineRecord({
  decider: contact,
  contract: contactsV1,
  plural: 'contacts',
  refersTo: { accountId: 'account' },
  publishes: {
    ContactErased: ({ data: { receiptId } }) => ({ type: 'ContactErased', data: { receiptId } }),
  },
  keepOnErase: KEPT_ON_ERASURE,
  sort: [{ field: 'lastName' }],
  indexes: [['archived', 'lastName'], ['email'], ['emailKey'], ['externalId'], ['accountId']],
  unlisted: ['otherEmails', 'otherPhones', 'address.street', 'address.postalCode', 'description'],
  // Imports find people by it.
  derived: {
    fields: { emailKey: 'text' },
    of: ({ email }) => ({ emailKey: email === undefined ? undefined : emailKeyOf(email) }),
  },
  import: {
    matchBy: ['externalId', 'email'],
    foundBy: { email: 'emailKey' },
    calledBy: ['firstName', 'lastName'],
    synonyms: {
      firstName: ['given name', 'forename', 'first'],
      lastName: ['surname', 'family name', 'last'],
      title: ['title', 'position', 'role'],
      email: ['email', 'e mail', 'mail', 'email address', 'primary email', 'e mail 1 value'],
      phone: ['telephone', 'phone number', 'mobile', 'mobile phone', 'phone 1 value'],
      otherEmails: null,
      otherPhones: null,
      address: {
        street: ['address', 'address 1', 'street address', 'mailing street'],
        city: ['town', 'suburb', 'mailing city'],
        region: ['state', 'province', 'county', 'mailing state'],
        postalCode: ['zip', 'zip code', 'postcode', 'mailing postal code'],
        country: ['mailing country'],
      },
      description: ['notes', 'comments'],
      accountId: null,
      ownerId: null,
      tags: ['labels', 'keywords', 'groups'],
      externalId: ['contact id', 'id', 'record id', 'rec id', 'external id', 'person id'],
    },
  },
});

export type ContactRecords = RecordsOf<typeof contacts>;
export type ContactDocument = DocumentOf<typeof contacts>;
