import type { DynamicModule } from '@nestjs/common';
import { importsV1 } from '@rapport/contracts';
import { endOfShares } from '@rapport/kernel';
import {
  importCatalogue,
  importErasures,
  importProjections,
  importPurposes,
  IMPORT_ENGINE,
  IMPORTS_API,
  personalImportFields,
  provideImports,
} from '@rapport/imports';
import {
  defineService,
  type Engines,
  erasure,
  erasureFacts,
  erasurePublishes,
  erasureReactions,
  handOver,
  openCircles,
  providePersonErasure,
  RUNTIME,
  serve,
  serviceModule,
  type ServiceRuntime,
} from '@rapport/service-kit';
import { ContactsApi } from './api/contacts.api.js';
import { findOrCreateAccount } from './commands/find-or-create-account.js';
import { importKinds } from './imports/import-kinds.js';
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
  audited: {
    contact: ['ContactHoldPlaced', 'ContactHoldLifted', 'ContactProcessingRestricted', 'ContactRestrictionLifted'],
  },
  timers: [endOfShares(contacts.decider), endOfShares(accounts.decider)],
  personal: personalImportFields,
  purposes: { ...importPurposes, contact: 'To deal with this person, for the company or as a customer' },
  erasures: [...erasureFacts(contacts), ...importErasures],
  projections: importProjections,
  publishes: erasurePublishes,
  listens: { identity: ['tenant'] },
  serves: (provided) => ({
    FindOrCreateAccount: findOrCreateAccount(provided),
    ...handOver(provided, [contacts, accounts]),
  }),
  reactions: (_, provided) => [...erasureReactions(provided), openCircles(accounts, 'parentId', provided)],
});

export const contactsModule = (engines: Engines): DynamicModule =>
  serviceModule(contactsService, engines, {
    handlers: { [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API },
    providers: [
      providePersonErasure(contacts, IMPORT_ENGINE),
      ...provideImports((parts, runtime: ServiceRuntime) => importKinds(runtime, parts), [RUNTIME]),
    ],
  });
