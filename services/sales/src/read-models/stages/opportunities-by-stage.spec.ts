import { describe, expect, it } from '@jest/globals';
import { everythingOf } from '@rapport/access';
import { positionOf, UTC } from '@rapport/kernel';
import {
  and,
  type CollectionDeclaration,
  type Document,
  type Documents,
  type Filter,
  InMemoryReadModelStore,
  not,
  or,
  type Sort,
  where,
} from '@rapport/read-models';
import fc from 'fast-check';
import type { Stage } from '../../domain/pipeline/pipeline.events.js';
import { LOST_STAGE, LOST_STAGE_ID, WON_STAGE, WON_STAGE_ID } from '../../domain/pipeline/stage-id.js';
import { type PipelineDocument, pipelines } from '../../records/pipelines.js';
import type { OpportunityDocument } from '../opportunities/opportunity-document.js';
import { opportunities } from '../../records/opportunities.js';
import { OpportunitiesByStage } from './opportunities-by-stage.js';
import { STAGE_FIELDS } from './stage-filter.js';

const tenant = 'main';
const scope = everythingOf(tenant);
const LABELS = ['Engaging', 'engaging ', 'Talk', 'talk', 'Zürich', 'Won again'];
const IDS = ['s0', 's1', 's2'];
const PIPELINES = ['p0', 'p1'];
/** Stage → after how many days in it a deal is stale. */
const ALLOWED: readonly (number | undefined)[] = [5, undefined, 10];
const days = { now: () => '2026-03-20T12:00:00.000Z', zoneOf: () => UTC };

/** What the stages of each pipeline are called: ids may be shared, and stages may be gone. */
const names = fc.array(fc.constantFrom(...LABELS), { minLength: IDS.length, maxLength: IDS.length });
const named = fc.record<Record<string, string[]>>(Object.fromEntries(PIPELINES.map((id) => [id, names])));
const deal = fc.record({
  pipelineId: fc.constantFrom(...PIPELINES),
  stageId: fc.constantFrom(...IDS, WON_STAGE_ID, LOST_STAGE_ID),
  name: fc.constantFrom('a', 'b', 'c'),
  daysInStage: fc.integer({ min: 0, max: 12 }),
});
const condition: fc.Arbitrary<Filter> = fc.oneof(
  fc
    .record({
      operator: fc.constantFrom('=' as const, '!=' as const, '<' as const, '>=' as const, 'has' as const),
      label: fc.constantFrom(...LABELS, WON_STAGE, LOST_STAGE, 'Nowhere', 'n'),
    })
    .map(({ operator, label }) => where('stage', operator, label)),
  fc.constant(where('stage', 'present', true)),
  fc.tuple(fc.constantFrom('=' as const, '!=' as const), fc.boolean()).map(([is, stale]) => where('stale', is, stale)),
  fc.constantFrom('a', 'b').map((name) => where('name', '=', name)),
);
const filter = fc.oneof(
  condition,
  condition.map(not),
  fc.tuple(condition, condition).map((terms) => and(...terms)),
  fc.tuple(condition, condition).map((terms) => or(...terms)),
);
const sort: fc.Arbitrary<readonly Sort[]> = fc
  .tuple(fc.constantFrom([], ['stage'], ['stage', 'name'], ['name']), fc.boolean(), fc.boolean())
  .map(([fields, ...descending]) => fields.map((field, n) => ({ field, descending: descending[n]! })));

const holding = async <D extends Document>(
  { name, fields, indexes }: CollectionDeclaration,
  documents: readonly Document[],
): Promise<Documents<D>> => {
  const store = new InMemoryReadModelStore();
  const collection = await store.collection({ name, fields, indexes });
  const position = positionOf(1);
  await store.write({
    writes: documents.map((document) => ({ collection, tenant, id: document.id, position, document })),
  });
  return collection as unknown as Documents<D>;
};

const pagesOf = async (documents: Documents<OpportunityDocument>, query: object): Promise<string[]> => {
  const ids: string[] = [];
  let next: string | undefined;
  do {
    const page = await documents.query(scope, { ...query, limit: 3, ...(next === undefined ? {} : { cursor: next }) });
    ids.push(...page.documents.map(({ id }: Document) => id));
    expect(page.documents.length).toBe(page.next === undefined ? page.documents.length : 3);
    next = page.next;
  } while (next !== undefined);
  return ids;
};

describe('opportunities by what their stages are called today', () => {
  it('are found, counted, ordered and added up as if each of them held the name', async () => {
    const rounds = fc.asyncProperty(
      named,
      fc.array(deal, { maxLength: 20 }),
      filter,
      sort,
      async (called, deals, asked, order) => {
        const documents = deals.map(({ daysInStage, ...fields }, n) => ({
          ...{ ...fields, id: `d${n}`, tenant, stage: 'as it was called', archived: false },
          status: IDS.includes(fields.stageId) ? 'open' : 'closed',
          stageEnteredAt: `2026-03-${20 - daysInStage}T23:59:59.999Z`.replace(/-(\d)T/, '-0$1T'),
        }));
        const nameOf = ({ pipelineId, stageId }: (typeof documents)[0]): string =>
          ({ [WON_STAGE_ID]: WON_STAGE, [LOST_STAGE_ID]: LOST_STAGE })[stageId] ??
          called[pipelineId]![IDS.indexOf(stageId)]!;
        const shown = documents.map((document, n) => {
          const [{ daysInStage }, allowed] = [deals[n]!, ALLOWED[IDS.indexOf(document.stageId)] ?? Infinity];
          const standing =
            document.status === 'open' ? { daysInStage, stale: daysInStage > allowed } : { stale: false };
          return { ...document, stage: nameOf(document), ...standing };
        });
        const { declaration } = opportunities.projection;
        const withName = { ...declaration, fields: { ...declaration.fields, ...STAGE_FIELDS } };
        const plain = await holding<OpportunityDocument>(withName, shown);
        const stored = await holding<OpportunityDocument>(declaration, documents);
        const byStage = new OpportunitiesByStage(
          stored,
          await holding(pipelines.projection.declaration, pipelinesOf(called)),
          days,
        );
        const query = { filter: asked, sort: order };
        expect(await pagesOf(byStage, query)).toEqual(await pagesOf(plain, query));
        expect(await byStage.count(scope, asked)).toBe(await plain.count(scope, asked));
        const sums = { filter: asked, groupBy: ['name', 'stage'] };
        expect(await byStage.aggregate(scope, sums)).toEqual(await plain.aggregate(scope, sums));
        const ids = documents.map(({ id }) => id);
        expect(await byStage.getMany(scope, ids)).toEqual(await plain.getMany(scope, ids));
      },
    );
    await fc.assert(rounds);
  });

  it('are shown under the name they came with where nobody knows their stage, and come last', async () => {
    const stray = { id: 'd', tenant, pipelineId: 'p9', stageId: 's9', stage: 'Elsewhere', name: 'x' };
    const stored = await holding<OpportunityDocument>(opportunities.projection.declaration, [stray]);
    const byStage = new OpportunitiesByStage(stored, await holding(pipelines.projection.declaration, []), days);
    const { documents } = await byStage.query(scope, { sort: [{ field: 'stage' }], limit: 1 });
    expect(documents).toMatchObject([{ id: 'd', stage: 'Elsewhere' }]);
    expect(await byStage.get(scope, 'd')).toMatchObject({ stage: 'Elsewhere' });
    expect(await byStage.count(scope, where('stage', '!=', 'Won'))).toBe(1);
  });
});

const pipelinesOf = (names: Readonly<Record<string, readonly string[]>>): PipelineDocument[] =>
  Object.entries(names).map(([id, labels]) => {
    const stages = labels.map((name, n): Stage => {
      const staleAfterDays = ALLOWED[n];
      return { id: IDS[n]!, name, probability: 1, ...(staleAfterDays === undefined ? {} : { staleAfterDays }) };
    });
    const [createdAt, updatedAt] = ['2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00.000Z'];
    return {
      ...{ id, tenant, name: id, revision: 0, createdAt, updatedAt, archived: false },
      ...{ stages: stages.slice(0, 2), formerStages: stages.slice(2) },
    };
  });
