import { recordProjection, type RecordDocument } from '@rapport/service-kit';
import { contact, type ContactState } from '../domain/contact/contact.js';

export type ContactDocument = RecordDocument<ContactState> & { readonly emailKey?: string };

/** E-mail addresses that differ only in case are one: imports find people by this. */
const emailKeyOf = (email: string): string => email.trim().normalize('NFC').toLowerCase();

/** People, as lists show them. After an erasure only what is not personal is left. */
export const contacts = recordProjection(contact, {
  name: 'contacts',
  fields: {
    firstName: 'text',
    lastName: 'text',
    title: 'text',
    email: 'text',
    emailKey: 'text',
    phone: 'text',
    'address.city': 'text',
    'address.region': 'text',
    'address.country': 'text',
    accountId: 'text',
    ownerId: 'text',
    tags: 'texts',
    externalId: 'text',
    erased: 'boolean',
  },
  indexes: [['archived', 'lastName'], ['email'], ['emailKey'], ['externalId'], ['accountId']],
  derived: ({ email }) => ({ emailKey: email === undefined ? undefined : emailKeyOf(email) }),
});
