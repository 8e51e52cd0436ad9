import { salesV1 } from '@rapport/contracts';
import type { RecordKind, Records } from '@rapport/service-kit';
import type { OpportunityCommands } from './domain/opportunity/opportunity.commands.js';
import { opportunity } from './domain/opportunity/opportunity.decide.js';
import type { OpportunityEvent } from './domain/opportunity/opportunity.events.js';
import type { OpportunityState } from './domain/opportunity/opportunity.js';
import type { PipelineEvent, PipelineFields } from './domain/pipeline/pipeline.events.js';
import { pipeline, type PipelineState } from './domain/pipeline/pipeline.js';
import { withStageIds } from './stage-ids.js';
import type { ProductEvent, ProductFields } from './domain/product/product.events.js';
import { product, type ProductState } from './domain/product/product.js';
import type { RepresentativeEvent, RepresentativeFields } from './domain/representative/representative.events.js';
import { representative, type RepresentativeState } from './domain/representative/representative.js';

type OpportunityFields = OpportunityCommands['create'];

export const OPPORTUNITIES = Symbol('opportunities');
export type OpportunityRecords = Records<OpportunityState, OpportunityEvent, OpportunityFields, salesV1.Opportunity>;
export const opportunityKind: RecordKind<OpportunityState, OpportunityEvent, OpportunityFields, salesV1.Opportunity> = {
  decider: opportunity,
  message: salesV1.Opportunity,
  defaultSort: [{ field: 'createdAt', descending: true }],
  internal: ['stageIdBeforeClosing'],
};

export const PRODUCTS = Symbol('products');
export type ProductRecords = Records<ProductState, ProductEvent, ProductFields, salesV1.Product>;
export const productKind: RecordKind<ProductState, ProductEvent, ProductFields, salesV1.Product> = {
  decider: product,
  message: salesV1.Product,
  defaultSort: [{ field: 'name' }],
};

export const REPRESENTATIVES = Symbol('representatives');
export type RepresentativeRecords = Records<
  RepresentativeState,
  RepresentativeEvent,
  RepresentativeFields,
  salesV1.Representative
>;
export const representativeKind: RecordKind<
  RepresentativeState,
  RepresentativeEvent,
  RepresentativeFields,
  salesV1.Representative
> = {
  decider: representative,
  message: salesV1.Representative,
  defaultSort: [{ field: 'name' }],
};

export const PIPELINES = Symbol('pipelines');
export type PipelineRecords = Records<PipelineState, PipelineEvent, PipelineFields, salesV1.Pipeline>;
export const pipelineKind: RecordKind<PipelineState, PipelineEvent, PipelineFields, salesV1.Pipeline> = {
  decider: pipeline,
  message: salesV1.Pipeline,
  defaultSort: [{ field: 'createdAt' }],
  completed: withStageIds,
};
