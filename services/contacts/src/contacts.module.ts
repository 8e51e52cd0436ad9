import type { DynamicModule } from '@nestjs/common';
import { contactsV1, importsV1 } from '@rapport/contracts';
import { endOfShares } from '@rapport/kernel';
import {
  importCatalogue,
  importErasures,
  importProjections,
  importPurposes,
  notifyImporters,
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
  notifyOwners,
  openCircles,
  providePersonErasure,
  RUNTIME,
  serve,
  serviceModule,
  type ServiceRuntime,
} from '@rapport/service-kit';
import { ContactsApi } from './api/contacts.api.js';
import { ConsentsApi } from './consents/consents.api.js';
import { expiredProofs, purgeExpiredProofs } from './consents/expired-proofs.js';
import { ConsentLedger } from './consents/ledger.js';
import { findOrCreateAccount } from './commands/find-or-create-account.js';
import { endOfProof } from './domain/consent/consent.js';
import { importKinds } from './imports/import-kinds.js';
import { accounts } from './records/accounts.js';
import { consentPublishes, consents } from './records/consents.js';
import { contacts } from './records/contacts.js';

/** People and companies: everything this service does, by name. */
export const contactsService = defineService({
  context: 'contacts',
  aggregates: {
    contact: serve(contacts, { api: ContactsApi }),
    account: serve(accounts),
    consent: consents.decider,
    erasure,
  },
  catalogue: importCatalogue,
  audited: {
    contact: ['ContactHoldPlaced', 'ContactHoldLifted', 'ContactProcessingRestricted', 'ContactRestrictionLifted'],
  },
  timers: [endOfShares(contacts.decider), endOfShares(accounts.decider), endOfProof],
  personal: { ...personalImportFields, consent: consents.personal },
  purposes: {
    ...importPurposes,
    contact: 'To deal with this person, for the company or as a customer',
    consent: 'To respect whether this person may be written to or called, and to prove it',
  },
  erasures: [...erasureFacts(contacts), expiredProofs, ...importErasures],
  projections: [consents.projection, ...importProjections],
  publishes: { ...erasurePublishes, ...consentPublishes },
  listens: { identity: ['tenant'] },
  serves: (provided) => ({
    FindOrCreateAccount: findOrCreateAccount(provided),
    ...handOver(provided, [contacts, accounts]),
  }),
  asks: ['identity'],
  reactions: (_, provided) => [
    ...erasureReactions(provided),
    openCircles(accounts, 'parentId', provided),
    purgeExpiredProofs(provided),
    notifyOwners([contacts, accounts], provided),
    notifyImporters(provided),
  ],
});

export const contactsModule = (engines: Engines): DynamicModule =>
  serviceModule(contactsService, engines, {
    handlers: {
      [contactsV1.ConsentsServiceDefinition.fullName]: ConsentsApi,
      [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API,
    },
    providers: [
      ConsentLedger,
      providePersonErasure(contacts, IMPORT_ENGINE),
      ...provideImports((parts, runtime: ServiceRuntime) => importKinds(runtime, parts), [RUNTIME]),
    ],
  });
