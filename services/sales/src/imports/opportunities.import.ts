import {
  type ImportContext,
  type ImportSettings,
  type ImportField,
  type ImportKind,
  type RecordTarget,
  type ReferenceField,
  findByField,
  findByWord,
  someNames,
} from '@rapport/imports';
import { DomainError } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';
import type { Directory } from '../read-models/directory.js';
import { type PipelineChoice, planOpportunity } from './opportunity-row.js';

const MOST_PIPELINES = 1000;

/** Rows about chances to sell: one row is one opportunity as it stands, and tells its history by its dates. */
export const opportunitiesImport = (
  directory: Directory,
  target: RecordTarget,
): ImportKind<OpportunityState, PipelineChoice> => ({
  kind: 'opportunities',
  fields: [...PLAIN_FIELDS, ...references(directory)],
  // Not by name: opportunities are often called alike.
  matchBy: ['externalId'],
  target,
  find: (scope, _, values) => findByField(directory.opportunities, scope, 'externalId', values),
  prepare: (context) => pipelinesFor(directory, context),
  defaults: (context) => currencyOf(directory, context),
  plan: (row, pipelines) => planOpportunity(row, pipelines),
});

const PLAIN_FIELDS: readonly ImportField[] = [
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    maxLength: 200,
    synonyms: ['opportunity id', 'deal id', 'record id', 'id', 'external id'],
  },
  {
    name: 'name',
    label: 'name',
    type: 'text',
    maxLength: 300,
    synonyms: ['opportunity name', 'opportunity', 'deal name', 'deal', 'title', 'subject'],
  },
  {
    name: 'stage',
    label: 'stage',
    type: 'text',
    maxLength: 100,
    synonyms: ['deal stage', 'stage name', 'sales stage', 'pipeline stage', 'status'],
  },
  // Not "created date": that is when somebody typed it in, often after the deal was done.
  {
    name: 'openedOn',
    label: 'opened on',
    type: 'date',
    synonyms: ['engage date', 'open date', 'opened', 'start date', 'date opened'],
  },
  {
    name: 'closedOn',
    label: 'closed on',
    type: 'date',
    synonyms: ['close date', 'closed date', 'closed', 'date closed', 'actual close date', 'won time'],
  },
  {
    name: 'expectedCloseOn',
    label: 'expected to close on',
    type: 'date',
    synonyms: ['expected close date', 'expected close', 'estimated close date', 'expected closing'],
  },
  { name: 'amount', label: 'amount', type: 'money', synonyms: ['close value', 'value', 'deal value', 'deal amount'] },
  { name: 'probability', label: 'probability', type: 'number', synonyms: ['probability (%)', 'win probability'] },
  {
    name: 'lostReason',
    label: 'lost reason',
    type: 'text',
    maxLength: 200,
    synonyms: ['loss reason', 'reason lost', 'closed lost reason', 'reason for loss'],
  },
  { name: 'lostNotes', label: 'lost notes', type: 'text', maxLength: 5_000, synonyms: ['loss notes'] },
  { name: 'nextStep', label: 'next step', type: 'text', maxLength: 1_000, synonyms: ['next steps', 'next activity'] },
  { name: 'tags', label: 'tags', type: 'texts', synonyms: ['labels', 'tag'] },
  { name: 'description', label: 'description', type: 'text', synonyms: ['notes', 'details', 'comments'] },
];

const references = (directory: Directory): readonly ReferenceField[] => [
  {
    name: 'owner',
    label: 'owner',
    type: 'reference',
    noun: 'representative',
    personal: true,
    synonyms: [
      'owner id',
      'owner name',
      'sales agent',
      'agent',
      'sales rep',
      'representative',
      'assigned to',
      'deal owner',
    ],
    find: (scope, names) => findByWord(directory.representatives, scope, names),
    names: (scope) => someNames(directory.representatives, scope),
  },
  {
    name: 'product',
    label: 'product',
    type: 'reference',
    noun: 'product',
    synonyms: ['product id', 'product name', 'item'],
    find: (scope, names) => findByWord(directory.products, scope, names),
    names: (scope) => someNames(directory.products, scope),
  },
  {
    name: 'account',
    label: 'account',
    type: 'reference',
    noun: 'account',
    synonyms: ['account id', 'account name', 'company', 'company name', 'organization', 'organisation', 'customer'],
    find: (scope, names) => findByWord(directory.accounts, scope, names),
    names: (scope) => someNames(directory.accounts, scope),
  },
];

/** Amounts that name no currency are in the pipeline's. */
const currencyOf = async (directory: Directory, context: ImportContext): Promise<ImportSettings> => {
  const { chosen, first } = await pipelinesFor(directory, context);
  const { documents } = await directory.pipelines.query(context.scope, {
    filter: where('id', '=', (chosen ?? first).id),
    limit: 1,
  });
  const currency = documents[0]?.currency;
  return currency === undefined ? {} : { currency };
};

const pipelinesFor = async (directory: Directory, { scope, settings }: ImportContext): Promise<PipelineChoice> => {
  const sort = [{ field: 'createdAt' }];
  const { documents } = await directory.pipelines.query(scope, { sort, limit: MOST_PIPELINES });
  const byId = new Map(documents.map((pipeline) => [pipeline.id, pipeline]));
  const first = documents.find(({ archived }) => !archived);
  if (settings.pipelineId === undefined) {
    if (first) return { first, byId };
    throw new DomainError(
      'conflict',
      'no-pipeline',
      'There is no pipeline yet. Create one first (POST /v1/pipelines).',
    );
  }
  const chosen = byId.get(settings.pipelineId);
  if (chosen) return { chosen, first: chosen, byId };
  const message = `There is no pipeline ${settings.pipelineId}. Check settings.pipelineId, or leave it out.`;
  throw new DomainError('invalid', 'pipeline-not-found', message);
};
