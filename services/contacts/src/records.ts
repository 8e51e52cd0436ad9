import { contactsV1 } from '@rapport/contracts';
import type { RecordKind, Records } from '@rapport/service-kit';
import { account, type AccountState } from './domain/account/account.js';
import type { AccountEvent, AccountFields } from './domain/account/account.events.js';
import { contact, type ContactState } from './domain/contact/contact.js';
import type { ContactEvent, ContactFields } from './domain/contact/contact.events.js';

export const ACCOUNTS = Symbol('accounts');
export type AccountRecords = Records<AccountState, AccountEvent, AccountFields, contactsV1.Account>;
export const accountKind: RecordKind<AccountState, AccountEvent, AccountFields, contactsV1.Account> = {
  decider: account,
  message: contactsV1.Account,
  defaultSort: [{ field: 'name' }],
};

export const CONTACTS = Symbol('contacts');
export type ContactRecords = Records<ContactState, ContactEvent, ContactFields, contactsV1.Contact>;
export const contactKind: RecordKind<ContactState, ContactEvent, ContactFields, contactsV1.Contact> = {
  decider: contact,
  message: contactsV1.Contact,
  defaultSort: [{ field: 'lastName' }],
};
