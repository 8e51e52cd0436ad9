import type { DynamicModule } from '@nestjs/common';
import { importsV1, salesV1 } from '@rapport/contracts';
import {
  importCatalogue,
  importProjections,
  IMPORTS_API,
  personalImportFields,
  provideImports,
} from '@rapport/imports';
import {
  type Engines,
  personalFieldsOf,
  provideRecords,
  type ServiceDefinition,
  serviceModule,
} from '@rapport/service-kit';
import { OpportunitiesApi } from './api/opportunities.api.js';
import { OpportunityWork } from './api/opportunity-work.js';
import { PipelinesApi } from './api/pipelines.api.js';
import { ProductsApi } from './api/products.api.js';
import { ReportsApi } from './api/reports.api.js';
import { RepresentativesApi } from './api/representatives.api.js';
import { accountNames } from './contracts/consumes.js';
import { publishes } from './contracts/publishes.js';
import { opportunity } from './domain/opportunity/opportunity.decide.js';
import { expectedClose } from './domain/opportunity/opportunity.timers.js';
import { pipeline } from './domain/pipeline/pipeline.js';
import { product } from './domain/product/product.js';
import { representative } from './domain/representative/representative.js';
import { importKinds } from './imports/import-kinds.js';
import { PipelineLookup } from './pipeline-lookup.js';
import { pipelines } from './read-models/catalogue/pipelines.js';
import { products } from './read-models/catalogue/products.js';
import { representatives } from './read-models/catalogue/representatives.js';
import { Directory } from './read-models/directory.js';
import { opportunities } from './read-models/opportunities/opportunities.js';
import { opportunitiesByStage } from './read-models/stages/opportunities-by-stage.js';
import { OPPORTUNITIES, opportunityKind, pipelineKind, PIPELINES, productKind, PRODUCTS } from './records.js';
import { representativeKind, REPRESENTATIVES } from './records.js';
import { StageLabels } from './stage-labels.js';

/** Chances to sell, what is sold, who sells and how it goes: everything this service does, by name. */
export const salesService: ServiceDefinition = {
  context: 'sales',
  aggregates: ['opportunity', 'product', 'representative', 'pipeline'],
  catalogue: [opportunity, product, representative, pipeline, ...importCatalogue],
  personal: { representative: personalFieldsOf('rapport.sales.v1.Representative'), ...personalImportFields },
  projections: [opportunities, products, representatives, pipelines, ...importProjections],
  timers: [expectedClose],
  reads: [accountNames],
  publishes,
};

export const salesModule = (engines: Engines): DynamicModule =>
  serviceModule(salesService, engines, {
    handlers: {
      [salesV1.OpportunitiesServiceDefinition.fullName]: OpportunitiesApi,
      [salesV1.ProductsServiceDefinition.fullName]: ProductsApi,
      [salesV1.RepresentativesServiceDefinition.fullName]: RepresentativesApi,
      [salesV1.PipelinesServiceDefinition.fullName]: PipelinesApi,
      [salesV1.ReportsServiceDefinition.fullName]: ReportsApi,
      [importsV1.ImportsServiceDefinition.fullName]: IMPORTS_API,
    },
    providers: [
      provideRecords(OPPORTUNITIES, opportunityKind, opportunities.declaration.name, opportunitiesByStage),
      provideRecords(PRODUCTS, productKind, products.declaration.name),
      provideRecords(REPRESENTATIVES, representativeKind, representatives.declaration.name),
      provideRecords(PIPELINES, pipelineKind, pipelines.declaration.name),
      Directory,
      PipelineLookup,
      StageLabels,
      OpportunityWork,
      ...provideImports((parts, directory: Directory) => importKinds(directory, parts), [Directory]),
    ],
  });
