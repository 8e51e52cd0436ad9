import {
  type ImportContext,
  type ImportSettings,
  type ImportField,
  type ImportKind,
  type MissingRecords,
  type RecordTarget,
  type ReferenceField,
  findByField,
  findByWord,
  sameNames,
  someNames,
} from '@rapport/imports';
import { DomainError } from '@rapport/kernel';
import { where } from '@rapport/read-models';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';
import type { Directory } from '../read-models/directory.js';
import { opportunityHeaders } from './opportunity-headers.js';
import { type PipelineChoice, planOpportunity } from './opportunity-row.js';

const MOST_PIPELINES = 1000;

/** Rows about chances to sell: one row is one opportunity as it stands, and tells its history by its dates. */
export const opportunitiesImport = (
  directory: Directory,
  target: RecordTarget,
  missing: Missing = {},
): ImportKind<OpportunityState, PipelineChoice> => ({
  kind: 'opportunities',
  message: 'rapport.sales.v1.Opportunity',
  fields: [...PLAIN_FIELDS, ...references(directory).map((field) => ({ ...field, missing: missing[field.name] }))],
  // Not by name: opportunities are often called alike.
  matchBy: ['externalId'],
  target,
  find: (scope, _, values) => findByField(directory.opportunities, scope, 'externalId', values),
  prepare: async (context) => ({
    ...(await pipelinesFor(directory, context)),
    zone: directory.zoneOf(context.scope.tenant),
  }),
  defaults: (context) => currencyOf(directory, context),
  similar: sameNames(() => directory.opportunities),
  plan: (row, pipelines) => planOpportunity(row, pipelines),
});

/** What creates records that rows name and nobody has, by the field that names them. */
type Missing = Readonly<Record<string, MissingRecords | undefined>>;

const PLAIN_FIELDS: readonly ImportField[] = [
  {
    name: 'externalId',
    label: 'key in the other system',
    type: 'text',
    synonyms: opportunityHeaders.externalId,
  },
  {
    name: 'name',
    label: 'name',
    type: 'text',
    isName: true,
    synonyms: opportunityHeaders.name,
  },
  {
    name: 'stage',
    label: 'stage',
    type: 'text',
    synonyms: opportunityHeaders.stage,
  },
  // Not "created date": that is when somebody typed it in, often after the deal was done.
  {
    name: 'openedOn',
    label: 'opened on',
    type: 'date',
    synonyms: opportunityHeaders.openedOn,
  },
  {
    name: 'closedOn',
    label: 'closed on',
    type: 'date',
    synonyms: opportunityHeaders.closedOn,
  },
  {
    name: 'expectedCloseOn',
    label: 'expected to close on',
    type: 'date',
    synonyms: opportunityHeaders.expectedCloseOn,
  },
  { name: 'amount', label: 'amount', type: 'money', synonyms: opportunityHeaders.amount },
  {
    name: 'currency',
    label: 'currency',
    type: 'currency',
    of: 'amount',
    synonyms: opportunityHeaders.currency,
  },
  { name: 'probability', label: 'probability', type: 'percent', synonyms: opportunityHeaders.probability },
  {
    name: 'lostReason',
    label: 'lost reason',
    type: 'text',
    rule: 'rapport.sales.v1.LoseOpportunityRequest/reason',
    synonyms: opportunityHeaders.lostReason,
  },
  {
    name: 'lostNotes',
    label: 'lost notes',
    type: 'text',
    rule: 'rapport.sales.v1.LoseOpportunityRequest/notes',
    synonyms: opportunityHeaders.lostNotes,
  },
  { name: 'nextStep', label: 'next step', type: 'text', synonyms: opportunityHeaders.nextStep },
  { name: 'type', label: 'type', type: 'text', synonyms: opportunityHeaders.type },
  {
    name: 'forecastCategory',
    label: 'forecast category',
    type: 'text',
    // Read by its words first: "Best Case".
    rule: 'rapport.sales.v1.Opportunity/type',
    synonyms: opportunityHeaders.forecastCategory,
  },
  { name: 'competitors', label: 'competitors', type: 'texts', synonyms: opportunityHeaders.competitors },
  { name: 'tags', label: 'tags', type: 'texts', synonyms: opportunityHeaders.tags },
  { name: 'description', label: 'description', type: 'text', synonyms: opportunityHeaders.description },
];

const references = (directory: Directory): readonly ReferenceField[] => [
  {
    ...named('owner', () => directory.representatives),
    noun: 'representative',
    besides: { aggregate: 'user', find: (scope, names) => findByWord(directory.users, scope, names) },
    personal: true,
    synonyms: opportunityHeaders.owner,
  },
  { ...named('product', () => directory.products), synonyms: opportunityHeaders.product },
  {
    ...named('account', () => directory.accounts),
    synonyms: opportunityHeaders.account,
  },
];

const named = (name: string, records: () => Parameters<typeof findByWord>[0]): ReferenceField => ({
  name,
  label: name,
  path: `${name}Id`,
  type: 'reference',
  noun: name,
  find: (scope, names) => findByWord(records(), scope, names),
  names: (scope) => someNames(records(), scope),
});

/** Amounts that name no currency are in the pipeline's. */
const currencyOf = async (directory: Directory, context: ImportContext): Promise<ImportSettings> => {
  const { chosen, first } = await pipelinesFor(directory, context);
  const { documents } = await directory.pipelines.query(context.scopeOf('pipeline'), {
    filter: where('id', '=', (chosen ?? first).id),
    limit: 1,
  });
  const currency = documents[0]?.currency;
  return currency === undefined ? {} : { currency };
};

const pipelinesFor = async (directory: Directory, { scopeOf, settings }: ImportContext): Promise<PipelineChoice> => {
  const sort = [{ field: 'createdAt' }];
  const { documents } = await directory.pipelines.query(scopeOf('pipeline'), { sort, limit: MOST_PIPELINES });
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
