import { contactsV1 } from '@rapport/contracts';
import { EMAIL_KEY_VERSION, emailKeyOf, SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { NAME_KEY_VERSION, nameKeyOf, nameOf } from '@rapport/matching';
import {
  defineRecord,
  type DocumentOf,
  partedPatch,
  publishMerges,
  type RecordsOf,
  withoutReasons,
} from '@rapport/service-kit';
import { contactHeaders } from '../imports/contact-headers.js';
import { contact, type ContactState, KEPT_ON_ERASURE } from '../domain/contact/contact.js';

/** People. After an erasure only what is not personal is left of one. */
export const contacts = defineRecord({
  decider: contact,
  contract: contactsV1,
  plural: 'contacts',
  refersTo: { accountId: 'account' },
  publishes: {
    ContactErased: ({ data: { receiptId } }) => ({ type: 'ContactErased', data: { receiptId } }),
    ...withoutReasons('Contact'),
    ContactRectified: ({ data: { set } }) => ({ type: 'ContactRectified', data: partedPatch(set) }),
    ...publishMerges('Contact'),
  },
  keepOnErase: KEPT_ON_ERASURE,
  sort: [{ field: 'lastName' }],
  indexes: [['archived', 'lastName'], ['email']],
  lookups: [
    ['ownerId', 'lastName'],
    ['emailKey'],
    ['externalId'],
    ['accountId'],
    ['teamId'],
    ['shared'],
    ['address.city'],
    ['nameKey'],
    ['birthDate'],
    ['mergedInto'],
  ],
  internal: ['aside', 'merges'],
  filledIn: ['likelyDuplicates'],
  unlisted: ['otherEmails', 'otherPhones', 'address.street', 'address.postalCode', 'description'],
  // Imports find people by emailKey, duplicates are looked for by both.
  derived: {
    fields: { emailKey: 'text', nameKey: 'text', ...SHARED_FIELDS },
    of: (contact) => ({
      emailKey: keyOf(contact),
      nameKey: nameKeyOf({ first: nameOf(contact.firstName), last: nameOf(contact.lastName) }),
      ...sharedFields(contact),
    }),
    compared: { email: { by: 'emailKey', as: emailKeyOf } },
    version: EMAIL_KEY_VERSION + NAME_KEY_VERSION,
  },
  import: {
    matchBy: ['externalId', 'email'],
    foundBy: { email: 'emailKey' },
    calledBy: ['firstName', 'lastName'],
    synonyms: contactHeaders,
  },
});

/** Of one that is a part of another, too: an import finds that by the address. */
function keyOf({ email, mergedInto, aside }: NonNullable<ContactState>): string | undefined {
  const address = email ?? (mergedInto === undefined ? undefined : aside?.email);
  return address === undefined ? undefined : emailKeyOf(address);
}

export type ContactRecords = RecordsOf<typeof contacts>;
export type ContactDocument = DocumentOf<typeof contacts>;
