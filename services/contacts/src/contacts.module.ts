import type { DynamicModule } from '@nestjs/common';
import { importsV1 } from '@rapport/contracts';
import {
  importCatalogue,
  importProjections,
  IMPORTS_API,
  personalImportFields,
  provideImports,
} from '@rapport/imports';
import { defineService, RUNTIME, serve, serviceModule, type Engines, type ServiceRuntime } from '@rapport/service-kit';
import { ContactsApi } from './api/contacts.api.js';
import { Erasure } from './erasure/erasure.js';
import { Forgetting } from './erasure/forgetting.js';
import { importKinds } from './imports/import-kinds.js';
import { forgetErasedContact } from './reactions/forget-erased-contact.js';
import { accounts } from './records/accounts.js';
import { contacts } from './records/contacts.js';

/** People and companies: everything this service does, by name. */
export const contactsService = defineService({
  context: 'contacts',
  aggregates: {
    contact: serve(contacts, { api: ContactsApi }),
    account: serve(accounts),
  },
  catalogue: importCatalogue,
  personal: personalImportFields,
  projections: importProjections,
  reactions: (_, provided) => [forgetErasedContact(provided(Forgetting))],
});

export const contactsModule = (engines: Engines): DynamicModule =>
  serviceModule(contactsService, engines, {
    handlers: { [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API },
    providers: [
      Forgetting,
      Erasure,
      ...provideImports((parts, runtime: ServiceRuntime) => importKinds(runtime, parts), [RUNTIME]),
    ],
  });
