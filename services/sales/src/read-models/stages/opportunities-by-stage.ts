import { everythingOf } from '@rapport/access';
import { DomainError, type TimeZone } from '@rapport/kernel';
import {
  type Aggregation,
  type CollectionDeclaration,
  compareGroups,
  type Documents,
  type Filter,
  type Group,
  isHidden,
  type Query,
  type QueryPage,
  type Scope,
} from '@rapport/read-models';
import type { ServiceRuntime } from '@rapport/service-kit';
import { staleBefore, standingAt } from '../../domain/opportunity/standing.js';
import { opportunities } from '../../records/opportunities.js';
import { type PipelineDocument, pipelines } from '../../records/pipelines.js';
import type { OpportunityDocument } from '../opportunities/opportunity-document.js';
import { byStageId, mentionsStage, STAGE, STAGE_FIELDS, STALE } from './stage-filter.js';
import { StageNames } from './stage-names.js';
import { pageByStage, sortsByStage } from './stage-pages.js';

const MOST_PIPELINES_AT_ONCE = 1000;

/** By which days it is told how long something stands in a stage. */
export interface Days {
  /** RFC 3339 UTC. */
  now(): string;
  zoneOf(tenant: string): TimeZone;
}

/**
 * Opportunities as they are shown and asked for: `stage` is what their stage is called today. Stored are ids, so that a stage
 * that gets another name touches none of them.
 */
export class OpportunitiesByStage implements Documents<OpportunityDocument> {
  constructor(
    private readonly stored: Documents<OpportunityDocument>,
    private readonly pipelines: Documents<PipelineDocument>,
    private readonly days: Days,
  ) {}

  get declaration(): CollectionDeclaration<OpportunityDocument> {
    const { declaration } = this.stored;
    return { ...declaration, fields: { ...declaration.fields, ...STAGE_FIELDS } };
  }

  async get(scope: Scope, id: string): Promise<OpportunityDocument | undefined> {
    return (await this.getMany(scope, [id])).get(id);
  }

  async getMany(scope: Scope, ids: Iterable<string>): Promise<ReadonlyMap<string, OpportunityDocument>> {
    const named = await this.named(scope, [...(await this.stored.getMany(scope, ids)).values()]);
    return new Map(named.map((document) => [document.id, document]));
  }

  async query(scope: Scope, query: Query): Promise<QueryPage<OpportunityDocument>> {
    const page = await this.page(scope, query);
    return { ...page, documents: await this.named(scope, page.documents) };
  }

  async count(scope: Scope, filter?: Filter): Promise<number> {
    return this.stored.count(scope, await this.byStageId(scope, filter));
  }

  estimatedCount(scope: Scope): Promise<number> {
    return this.stored.estimatedCount(scope);
  }

  /** Grouped by stage, those of one name together, in whichever pipeline. */
  async aggregate(scope: Scope, { filter: asked, groupBy, ...rest }: Aggregation): Promise<readonly Group[]> {
    const filter = await this.byStageId(scope, asked);
    const aggregation = { ...rest, ...(filter ? { filter } : {}) };
    const at = groupBy.indexOf(STAGE);
    if (at < 0 || this.isOfEarlier) return this.stored.aggregate(scope, { ...aggregation, groupBy });
    const others = groupBy.filter((field) => field !== STAGE);
    const groups = await this.stored.aggregate(scope, {
      ...aggregation,
      groupBy: [...others, 'pipelineId', 'stageId'],
    });
    const names = await this.allNames(scope);
    return merged(
      groups.map(({ key, ...sums }) => {
        const [pipelineId, stageId] = key.slice(others.length) as [string, string];
        const name = names.nameOf(pipelineId, stageId) ?? null;
        return { ...sums, key: key.slice(0, others.length).toSpliced(at, 0, name) };
      }),
    );
  }

  withFields(fields: CollectionDeclaration['fields']): Documents<OpportunityDocument> {
    return new OpportunitiesByStage(this.stored.withFields(fields), this.pipelines, this.days);
  }

  private async page(scope: Scope, query: Query): Promise<QueryPage<OpportunityDocument>> {
    if (this.isOfEarlier) return this.stored.query(scope, query);
    refuseToSortByStaleness(query);
    const filter = await this.byStageId(scope, query.filter);
    if (!sortsByStage(query.sort)) return this.stored.query(scope, { ...query, ...(filter ? { filter } : {}) });
    const page = await pageByStage(this.stored, scope, query, filter, await this.allNames(scope));
    return query.total ? { ...page, total: await this.stored.count(scope, filter) } : page;
  }

  private async byStageId(scope: Scope, filter: Filter | undefined): Promise<Filter | undefined> {
    if (filter === undefined || !mentionsStage(filter) || this.isOfEarlier) return filter;
    const [now, zone] = [this.days.now(), this.days.zoneOf(scope.tenant)];
    return byStageId(filter, { names: await this.allNames(scope), since: (days) => staleBefore(days, now, zone) });
  }

  private async named(scope: Scope, documents: readonly OpportunityDocument[]): Promise<OpportunityDocument[]> {
    const ids = documents.map(({ pipelineId }) => pipelineId);
    const names = new StageNames((await this.pipelines.getMany(namesOf(scope), ids)).values());
    const [now, zone] = [this.days.now(), this.days.zoneOf(scope.tenant)];
    return documents.map((document) => {
      const { pipelineId, stageId } = document;
      const stage = names.nameOf(pipelineId, stageId);
      // Of what is hidden nothing is said.
      if (stage === undefined || !(STAGE in document)) return document;
      if (isHidden(scope, STALE)) return { ...document, stage };
      return { ...document, stage, ...standingAt(document, names.placeOf(pipelineId, stageId) ?? {}, now, zone) };
    });
  }

  private async allNames(scope: Scope): Promise<StageNames> {
    const pipelines: PipelineDocument[] = [];
    for (let cursor: string | undefined = undefined, more = true; more; more = cursor !== undefined) {
      const query: Query = { limit: MOST_PIPELINES_AT_ONCE, ...(cursor === undefined ? {} : { cursor }) };
      const page: QueryPage<PipelineDocument> = await this.pipelines.query(namesOf(scope), query);
      pipelines.push(...page.documents);
      cursor = page.next;
    }
    return new StageNames(pipelines);
  }

  /** Documents of an earlier program, which serve until those of this one are complete, hold the name and no id. */
  private get isOfEarlier(): boolean {
    return !('stageId' in this.stored.declaration.fields);
  }
}

export const opportunitiesByStage = (runtime: ServiceRuntime): OpportunitiesByStage =>
  new OpportunitiesByStage(
    runtime.projection(opportunities.projection).documents,
    runtime.projection(pipelines.projection).documents,
    {
      now: () => runtime.engines.clock.now().toISOString(),
      zoneOf: (tenant) => runtime.tenants.calendar.zoneOf(tenant),
    },
  );

/** @throws DomainError invalid `bad-sort` */
const refuseToSortByStaleness = ({ sort = [] }: Query): void => {
  if (!sort.some(({ field }) => field === STALE)) return;
  const message = 'A list is filtered by "stale", not sorted by it. Sort by stageEnteredAt.';
  throw new DomainError('invalid', 'bad-sort', message, { fields: [{ pointer: '/sort', code: 'bad-sort', message }] });
};

/** Who sees an opportunity sees what its stage is called, whatever else of the pipeline is out of sight. */
const namesOf = ({ tenant }: Scope): Scope => everythingOf(tenant);

const merged = (groups: readonly Group[]): readonly Group[] => {
  const together = new Map<string, Group>();
  for (const group of groups) {
    const key = JSON.stringify(group.key);
    const known = together.get(key);
    together.set(key, known ? sumOf(known, group) : group);
  }
  return [...together.values()].sort(compareGroups);
};

const sumOf = (left: Group, right: Group): Group => ({
  key: left.key,
  count: left.count + right.count,
  sums: Object.fromEntries(Object.entries(left.sums).map(([field, sum]) => [field, sum + right.sums[field]!])),
});
