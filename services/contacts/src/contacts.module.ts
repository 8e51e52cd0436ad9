import type { DynamicModule } from '@nestjs/common';
import { importsV1 } from '@rapport/contracts';
import {
  importCatalogue,
  importErasures,
  importProjections,
  IMPORTS_API,
  personalImportFields,
  provideImports,
} from '@rapport/imports';
import { defineService, RUNTIME, serve, serviceModule, type Engines, type ServiceRuntime } from '@rapport/service-kit';
import { ContactsApi } from './api/contacts.api.js';
import { erasure } from './domain/erasure/erasure.js';
import { Erasure } from './erasure/erasure.js';
import { erasureFacts, erasurePublishes } from './erasure/erasure-facts.js';
import { ErasureLog } from './erasure/erasure-log.js';
import { Forgetting } from './erasure/forgetting.js';
import { Receipts } from './erasure/receipts.js';
import { importKinds } from './imports/import-kinds.js';
import { forgetErasedContact } from './reactions/forget-erased-contact.js';
import { writeErasureReceipt } from './reactions/write-erasure-receipt.js';
import { accounts } from './records/accounts.js';
import { contacts } from './records/contacts.js';

/** People and companies: everything this service does, by name. */
export const contactsService = defineService({
  context: 'contacts',
  aggregates: {
    contact: serve(contacts, { api: ContactsApi }),
    account: serve(accounts),
    erasure,
  },
  catalogue: importCatalogue,
  personal: personalImportFields,
  erasures: [...erasureFacts, ...importErasures],
  projections: importProjections,
  publishes: erasurePublishes,
  reactions: (_, provided) => [forgetErasedContact(provided(Forgetting)), writeErasureReceipt(provided(Receipts))],
});

export const contactsModule = (engines: Engines): DynamicModule =>
  serviceModule(contactsService, engines, {
    handlers: { [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API },
    providers: [
      ErasureLog,
      Forgetting,
      Receipts,
      Erasure,
      ...provideImports((parts, runtime: ServiceRuntime) => importKinds(runtime, parts), [RUNTIME]),
    ],
  });
