import { contactsV1 } from '@rapport/contracts';
import { EMAIL_KEY_VERSION, emailKeyOf, SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { NAME_KEY_VERSION, nameKeyOf, nameOf, PHONE_END_VERSION, phoneEndOf } from '@rapport/matching';
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

/** Further addresses have keys one by one, since no index leads through lists: the first two of each kind. */
export const EMAIL_KEYS = ['emailKey', 'emailKey2', 'emailKey3'] as const;
export const PHONE_KEYS = ['phoneKey', 'phoneKey2', 'phoneKey3'] as const;
const ADDRESS_KEYS = ['emailKey2', 'emailKey3', ...PHONE_KEYS] as const;

const textEach = <F extends string>(fields: readonly F[]): Readonly<Record<F, 'text'>> =>
  Object.fromEntries(fields.map((field) => [field, 'text'])) as Record<F, 'text'>;

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
    ...ADDRESS_KEYS.map((key) => [key]),
    ['birthDate'],
    ['mergedInto'],
  ],
  internal: ['aside', 'merges'],
  filledIn: ['likelyDuplicates'],
  unlisted: ['otherEmails', 'otherPhones', 'address.street', 'address.postalCode', 'description'],
  // Imports find people by emailKey, duplicates are looked for by all of these.
  derived: {
    fields: { emailKey: 'text', nameKey: 'text', ...textEach(ADDRESS_KEYS), ...SHARED_FIELDS },
    of: (contact) => ({
      emailKey: keyOf(contact),
      nameKey: nameKeyOf({ first: nameOf(contact.firstName), last: nameOf(contact.lastName) }),
      ...furtherKeys(contact),
      ...sharedFields(contact),
    }),
    compared: { email: { by: 'emailKey', as: emailKeyOf } },
    version: EMAIL_KEY_VERSION + NAME_KEY_VERSION + PHONE_END_VERSION,
  },
  search: {
    title: ['firstName', 'lastName'],
    subtitle: ['title', 'email'],
    by: {
      ...{ firstName: 'words', lastName: 'words', email: 'email', otherEmails: 'email' },
      ...{ phone: 'phone', otherPhones: 'phone', externalId: 'key' },
    },
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

function furtherKeys({ otherEmails = [], phone, otherPhones = [] }: NonNullable<ContactState>) {
  const emails = otherEmails.map(emailKeyOf);
  const phones = [phone ?? '', ...otherPhones].map(phoneEndOf);
  return {
    ...{ emailKey2: emails[0] || undefined, emailKey3: emails[1] || undefined },
    ...{ phoneKey: phones[0] || undefined, phoneKey2: phones[1] || undefined, phoneKey3: phones[2] || undefined },
  };
}

export type ContactRecords = RecordsOf<typeof contacts>;
export type ContactDocument = DocumentOf<typeof contacts>;
