import { recordTarget, type ImportKind, type RecordTargetParts } from '@rapport/imports';
import { account } from '../domain/account/account.js';
import { contact } from '../domain/contact/contact.js';
import { accountsImport } from './accounts.import.js';
import { contactsImport } from './contacts.import.js';
import type { Lists } from './lists.js';

/** Everything that can be brought into contacts from a file. */
export const importKinds = (lists: Lists, parts: RecordTargetParts): readonly ImportKind[] =>
  [
    accountsImport(lists, recordTarget(account, parts)),
    contactsImport(lists, recordTarget(contact, parts)),
  ] as readonly ImportKind[];
