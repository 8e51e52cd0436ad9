import type { DynamicModule } from '@nestjs/common';
import { contactsV1, importsV1 } from '@rapport/contracts';
import {
  importCatalogue,
  importProjections,
  IMPORTS_API,
  personalImportFields,
  provideImports,
} from '@rapport/imports';
import {
  personalFieldsOf,
  provideRecords,
  serviceModule,
  type Engines,
  type ServiceDefinition,
} from '@rapport/service-kit';
import { AccountsApi } from './api/accounts.api.js';
import { ContactsApi } from './api/contacts.api.js';
import { account } from './domain/account/account.js';
import { contact } from './domain/contact/contact.js';
import { publishes } from './contracts/publishes.js';
import { Erasure } from './erasure/erasure.js';
import { Forgetting } from './erasure/forgetting.js';
import { forgetErasedContact } from './reactions/forget-erased-contact.js';
import { importKinds } from './imports/import-kinds.js';
import { Lists } from './imports/lists.js';
import { accounts } from './read-models/accounts.js';
import { contacts } from './read-models/contacts.js';
import { accountKind, ACCOUNTS, contactKind, CONTACTS } from './records.js';

/** People and companies: everything this service does, by name. */
export const contactsService: ServiceDefinition = {
  context: 'contacts',
  aggregates: ['contact', 'account'],
  catalogue: [contact, account, ...importCatalogue],
  personal: { contact: personalFieldsOf('rapport.contacts.v1.Contact'), ...personalImportFields },
  projections: [contacts, accounts, ...importProjections],
  publishes,
  reactions: (_, provided) => [forgetErasedContact(provided(Forgetting))],
};

export const contactsModule = (engines: Engines): DynamicModule =>
  serviceModule(contactsService, engines, {
    handlers: {
      [contactsV1.ContactsServiceDefinition.fullName]: ContactsApi,
      [contactsV1.AccountsServiceDefinition.fullName]: AccountsApi,
      [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API,
    },
    providers: [
      provideRecords(CONTACTS, contactKind, contacts.declaration.name),
      provideRecords(ACCOUNTS, accountKind, accounts.declaration.name),
      Forgetting,
      Erasure,
      Lists,
      ...provideImports((parts, lists: Lists) => importKinds(lists, parts), [Lists]),
    ],
  });
