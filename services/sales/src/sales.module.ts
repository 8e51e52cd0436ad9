import type { DynamicModule } from '@nestjs/common';
import { importsV1, salesV1 } from '@rapport/contracts';
import { endOfShares } from '@rapport/kernel';
import {
  importCatalogue,
  importErasures,
  importProjections,
  importPurposes,
  IMPORT_ENGINE,
  IMPORTS_API,
  notifyImporters,
  personalImportFields,
  provideImports,
  stopImportsOfLeavers,
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
  providePersonErasure,
  RUNTIME,
  serve,
  serviceModule,
  type ServiceRuntime,
} from '@rapport/service-kit';
import { OpportunitiesApi } from './api/opportunities.api.js';
import { OpportunityWork } from './api/opportunity-work.js';
import { ReportsApi } from './api/reports.api.js';
import { opportunitiesOfLeads } from './commands/opportunities-of-leads.js';
import { isClosed } from './domain/opportunity/opportunity.js';
import { expectedClose } from './domain/opportunity/opportunity.timers.js';
import { importKinds } from './imports/import-kinds.js';
import { PipelineLookup } from './pipeline-lookup.js';
import { accountNames } from './read-models/account-names.js';
import { contactAliases } from './read-models/contact-aliases.js';
import { Directory } from './read-models/directory.js';
import { opportunitiesByStage } from './read-models/stages/opportunities-by-stage.js';
import { userNames } from './read-models/user-names.js';
import { opportunities } from './records/opportunities.js';
import { pipelines } from './records/pipelines.js';
import { products } from './records/products.js';
import { markErasedRepresentatives } from './reactions/mark-erased-representatives.js';
import { protectRepresentatives } from './reactions/protect-representatives.js';
import { notifyOfDueDates } from './reactions/notify-of-due-dates.js';
import { representatives } from './records/representatives.js';
import { StageLabels } from './stage-labels.js';

/** Chances to sell, what is sold, who sells and how it goes: everything this service does, by name. */
export const salesService = defineService({
  context: 'sales',
  aggregates: {
    opportunity: serve(opportunities, { api: OpportunitiesApi, read: opportunitiesByStage }),
    product: serve(products),
    representative: serve(representatives),
    pipeline: serve(pipelines),
    erasure,
  },
  catalogue: importCatalogue,
  personal: personalImportFields,
  purposes: { ...importPurposes, representative: 'To know who sells' },
  listens: { contacts: ['account', 'alias', 'field'], identity: ['tenant', 'user'] },
  asks: ['contacts', 'identity'],
  serves: (provided) => ({
    ...handOver(provided, [opportunities], isClosed),
    ...opportunitiesOfLeads(provided),
  }),
  erasures: [...erasureFacts(representatives), ...importErasures],
  projections: [accountNames, contactAliases, userNames, ...importProjections],
  publishes: erasurePublishes,
  reactions: (_, provided) => [
    ...erasureReactions(provided),
    markErasedRepresentatives(provided),
    protectRepresentatives(provided),
    notifyOwners([opportunities], provided),
    notifyOfDueDates(provided),
    notifyImporters(provided),
    stopImportsOfLeavers(provided),
  ],
  timers: [expectedClose, endOfShares(opportunities.decider)],
});

export const salesModule = (engines: Engines): DynamicModule =>
  serviceModule(salesService, engines, {
    handlers: {
      [salesV1.ReportsServiceDefinition.fullName]: ReportsApi,
      [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API,
    },
    providers: [
      providePersonErasure(representatives, IMPORT_ENGINE),
      Directory,
      PipelineLookup,
      StageLabels,
      OpportunityWork,
      ...provideImports(
        (parts, directory: Directory, runtime: ServiceRuntime) => importKinds(directory, runtime, parts),
        [Directory, RUNTIME],
      ),
    ],
  });
