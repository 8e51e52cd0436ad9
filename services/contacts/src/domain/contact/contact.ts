import {
  emailKeyOf,
  erasable,
  isVisible,
  mergeable,
  type MergedState,
  type MergeRules,
  phoneKeyOf,
  protectedRecord,
  type ProtectedState,
  recordDecider,
  reject,
  soundShares,
} from '@rapport/kernel';
import type { ContactFields } from './contact.events.js';

export type ContactState = MergedState<ProtectedState<ContactFields>>;

/** What says nothing about a person, and so is left when the person is erased. */
export const KEPT_ON_ERASURE = [
  'accountId',
  'ownerId',
  'teamId',
  'tags',
  'externalId',
  'shares',
] as const satisfies readonly (keyof ContactFields)[];

const record = recordDecider<'Contact', ContactFields>('contact', 'Contact', (fields, before) =>
  isFindable(fields) || (before !== null && !isFindable(before))
    ? soundShares(fields)
    : reject(
        'invalid',
        'nameless',
        'A contact needs a first name, last name, e-mail address or phone number.',
        '/lastName',
      ),
);

const isFindable = ({ firstName, lastName, email, phone }: ContactFields): boolean =>
  [firstName, lastName, email, phone].some(isVisible);

const person = protectedRecord('Contact', erasable('Contact', record, KEPT_ON_ERASURE), KEPT_ON_ERASURE);

/**
 * A person: a plain record with a name or an address, that can be forgotten, put on hold and restricted, and turn out to be the
 * same as another.
 */
export const contact = mergeable('Contact', person, KEPT_ON_ERASURE);

/** Two contacts of one person have all the addresses of both. */
export const CONTACT_MERGE: MergeRules = {
  united: ['tags'],
  addresses: [
    { field: 'email', others: 'otherEmails', as: emailKeyOf },
    { field: 'phone', others: 'otherPhones', as: phoneKeyOf },
  ],
};
