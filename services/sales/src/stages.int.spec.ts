import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { salesV1, type typesV1 } from '@rapport/contracts';
import { streamName } from '@rapport/event-store';
import { type CallContext, fixedClock, idFrom } from '@rapport/kernel';
import { consistencyToken, type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { stageIdOf } from './domain/pipeline/stage-id.js';
import { salesModule } from './sales.module.js';

const clock = fixedClock('2017-03-01T09:00:00.000Z');
let service: RunningService;
let latest: string | undefined;
let pipeline: salesV1.Pipeline;

/** A call that sees what the calls before it wrote. */
const invoke = async (contract: string, method: string, request: object, given: Partial<CallContext> = {}) => {
  const call = callBy({ consistency: latest, ...given });
  const answer = await service.backend.invoke(`rapport.sales.v1.${contract}Service`, method, request, call);
  latest = call.answer.consistency ?? latest;
  return answer as never;
};
const deals = (method: string, request: object, given = {}): Promise<salesV1.Opportunity> =>
  invoke('Opportunities', method, request, given);
const create = (fields: object, given = {}): Promise<salesV1.Opportunity> =>
  deals('createOpportunity', { opportunity: salesV1.Opportunity.fromPartial(fields) }, given);
const newPipeline = (name: string, ...stages: readonly string[]): Promise<salesV1.Pipeline> =>
  invoke('Pipelines', 'createPipeline', {
    pipeline: salesV1.Pipeline.fromPartial({ name, stages: stages.map((stage) => ({ name: stage, probability: 10 })) }),
  });
/** A pipeline gets these stages; those with an id keep it. */
const restage = async (...stages: readonly { id?: string | undefined; name: string }[]): Promise<salesV1.Pipeline> =>
  (pipeline = await invoke('Pipelines', 'updatePipeline', {
    id: pipeline.id,
    pipeline: salesV1.Pipeline.fromPartial({ stages: stages.map((stage) => ({ probability: 20, ...stage })) }),
    updateMask: ['stages'],
  }));
const listed = async (request: object): Promise<string[]> => {
  const { data }: salesV1.ListOpportunitiesResponse = await invoke('Opportunities', 'listOpportunities', request);
  return data.map(({ name, stage }) => `${name}: ${stage}`);
};
const board = async (asOf?: string): Promise<unknown[]> => {
  const { columns }: salesV1.Board = await invoke('Reports', 'getBoard', { pipelineId: pipeline.id, asOf });
  return columns.map(({ stage, count }) => (count === 0 ? stage : `${stage} ${count}`));
};
const idOf = (stage: string): string => pipeline.stages.find(({ name }) => name === stage)!.id!;

beforeEach(async () => {
  clock.set('2017-03-01T09:00:00.000Z');
  latest = undefined;
  service = await startInProcess(salesModule(await inMemoryEngines({ clock })));
  pipeline = await newPipeline('Hardware', 'Prospecting', 'Engaging');
});
afterEach(() => service.close());

describe('a stage that gets another name', () => {
  beforeEach(async () => {
    await create({ name: 'Racks', stage: 'Engaging' });
    clock.set('2017-03-05T09:00:00.000Z');
    await restage({ id: idOf('Prospecting'), name: 'Prospecting' }, { id: idOf('Engaging'), name: 'In talks' });
  });

  it('takes its deals along, in records, lists and today’s board', async () => {
    expect(await listed({})).toEqual(['Racks: In talks']);
    expect(await listed({ filter: 'stage = "In talks"' })).toHaveLength(1);
    expect(await listed({ filter: 'stage = Engaging' })).toEqual([]);
    expect(await board()).toEqual(['Prospecting', 'In talks 1', 'Won', 'Lost']);
    const { data }: salesV1.ListOpportunitiesResponse = await invoke('Opportunities', 'listOpportunities', {});
    expect(await deals('getOpportunity', { id: data[0]!.id })).toMatchObject({
      stage: 'In talks',
      stageId: idOf('In talks'),
    });
    expect(await invoke('Reports', 'getOutcomeReport', {})).toMatchObject({
      stages: [
        { stage: 'Prospecting', count: 0 },
        { stage: 'In talks', count: 1 },
      ],
    });
  });

  it('is called as it was on boards and in records of earlier days, and in their history', async () => {
    expect(await board('2017-03-04')).toEqual(['Prospecting', 'Engaging 1', 'Won', 'Lost']);
    const { data }: salesV1.ListOpportunitiesResponse = await invoke('Opportunities', 'listOpportunities', {});
    const { id } = data[0]!;
    expect(await deals('getOpportunity', { id, asOf: '2017-03-04' })).toMatchObject({ stage: 'Engaging' });
    expect(await deals('getOpportunity', { id, asOf: '2017-03-05' })).toMatchObject({ stage: 'In talks' });
    await deals('winOpportunity', { id });
    const history: typesV1.ListHistoryResponse = await invoke('Opportunities', 'listOpportunityHistory', { id });
    expect(history.data[0]!.changes).toContainEqual({ field: 'stage', from: 'Engaging', to: 'Won' });
    expect(await deals('reopenOpportunity', { id })).toMatchObject({ stage: 'In talks', stageId: idOf('In talks') });
  });

  it('is chosen by its id, or by what it is called today', async () => {
    const chosen = [{ stage: 'In talks' }, { stageId: idOf('In talks') }, { stageId: idOf('In talks'), stage: 'old' }];
    for (const choice of chosen) expect(await create({ name: 'x', ...choice })).toMatchObject({ stage: 'In talks' });
    const { id } = await create({ name: 'Cables' });
    await expect(deals('moveOpportunity', { id, stage: 'Engaging' })).rejects.toMatchObject({ code: 'unknown-stage' });
    expect(await deals('moveOpportunity', { id, stageId: idOf('In talks') })).toMatchObject({ stage: 'In talks' });
    await expect(deals('moveOpportunity', { id })).rejects.toMatchObject({ code: 'stage-missing' });
  });

  it('may be sent back with the rest of a deal as it is shown', async () => {
    const { data }: salesV1.ListOpportunitiesResponse = await invoke('Opportunities', 'listOpportunities', {});
    const { id, stageId } = data[0]!;
    const edit = (stage: string, updateMask = ['stage', 'stageId', 'name']) =>
      deals('updateOpportunity', { id, opportunity: { stage, stageId, name: 'Cables' }, updateMask });
    expect(await edit('In talks')).toMatchObject({ name: 'Cables', stage: 'In talks', info: { revision: 1 } });
    await expect(edit('Prospecting')).rejects.toMatchObject({ code: 'not-editable' });
    const opportunity = { stage: 'In talks', name: 'Not named' };
    const rows = [
      { clientRef: '1', update: { id, opportunity, updateMask: ['stage'] } },
      { clientRef: '2', update: { id, opportunity: { ...opportunity, name: 'Racks' }, updateMask: [] } },
    ];
    await invoke('Opportunities', 'batchOpportunities', { rows });
    expect(await deals('getOpportunity', { id })).toMatchObject({ name: 'Racks', info: { revision: 2 } });
  });

  it('has its old name again when that is undone, and nothing else of its deals', async () => {
    const history: typesV1.ListHistoryResponse = await invoke('Pipelines', 'listPipelineHistory', { id: pipeline.id });
    const { eventId } = history.data[0]!;
    pipeline = await invoke('Pipelines', 'undoPipelineChange', { id: pipeline.id, eventId });
    expect(await listed({})).toEqual(['Racks: Engaging']);
  });
});

describe('the stages of a pipeline', () => {
  it('keep their ids when clients of yesterday name them, and get new ones for new names', async () => {
    const [prospecting, engaging] = pipeline.stages;
    await restage({ name: 'engaging ' }, { name: 'Meeting' }, { name: 'Prospecting' });
    expect(pipeline.stages.map(({ id }) => id)).toEqual([engaging!.id, expect.any(String), prospecting!.id]);
    expect(new Set(pipeline.stages.map(({ id }) => id)).size).toBe(3);
    const unknown = { id: idFrom('elsewhere'), name: 'Meeting' };
    await expect(restage(unknown)).rejects.toMatchObject({ code: 'unknown-stage' });
  });

  it('that are gone show under their last name while deals stand there, and come back by it', async () => {
    const { id } = await create({ name: 'Racks', stage: 'Engaging' });
    const engaging = idOf('Engaging');
    await restage({ id: idOf('Prospecting'), name: 'New' }, { id: engaging, name: 'In talks' });
    await restage({ id: idOf('New'), name: 'New' });
    expect(await board()).toEqual(['New', 'In talks 1', 'Won', 'Lost']);
    expect(await listed({ filter: 'stage = "In talks"' })).toEqual(['Racks: In talks']);
    expect(await deals('archiveOpportunity', { id })).toMatchObject({ stage: 'In talks', stageId: engaging });
    await deals('restoreOpportunity', { id });
    await restage({ name: 'New' }, { name: 'In talks' });
    expect(idOf('In talks')).toBe(engaging);
    expect(await deals('winOpportunity', { id })).toMatchObject({ status: 'won' });
  });

  it('are the same when a keyed request comes again', async () => {
    const asked = salesV1.Pipeline.fromPartial({ name: 'Services', stages: [{ name: 'Talk', probability: 1 }] });
    const again = () => invoke('Pipelines', 'createPipeline', { pipeline: asked }, { idempotencyKey: 'k' });
    const first: salesV1.Pipeline = await again();
    expect(await again()).toEqual(first);
    const stages = [
      { name: 'Talk', probability: 1 },
      { name: 'Sign', probability: 2 },
    ];
    const edit = () =>
      invoke(
        'Pipelines',
        'updatePipeline',
        { id: first.id, pipeline: { stages }, updateMask: ['stages'] },
        { idempotencyKey: 'k' },
      );
    const edited: salesV1.Pipeline = await edit();
    expect(await edit()).toEqual(edited);
    expect(edited.stages[0]).toEqual(first.stages[0]);
  });
});

describe('a list', () => {
  it('is asked and sorted by what stages are called today, over all pipelines', async () => {
    const hardware = pipeline;
    for (const [name, stage] of [
      ['A', 'Engaging'],
      ['B', 'Prospecting'],
      ['C', 'Engaging'],
    ])
      await create({ name, stage });
    pipeline = await newPipeline('Services', 'Engaging', 'Signing');
    for (const [name, stage] of [
      ['D', 'Engaging'],
      ['E', 'Signing'],
    ])
      await create({ name, stage, pipelineId: pipeline.id });
    await deals('winOpportunity', { id: (await create({ name: 'F', pipelineId: hardware.id })).id });
    await restage({ id: idOf('Engaging'), name: 'Zeroing in' }, { id: idOf('Signing'), name: 'Engaging' });
    const all = ['A: Engaging', 'C: Engaging', 'E: Engaging', 'B: Prospecting', 'F: Won', 'D: Zeroing in'];
    expect(await listed({ sort: 'stage,name' })).toEqual(all);
    expect(await listed({ sort: '-stage,name' })).toEqual([all[5], all[4], all[3], ...all.slice(0, 3)]);
    expect(await listed({ sort: 'name', filter: 'stage = Engaging AND NOT name = C' })).toEqual([all[0], all[2]]);
    expect(await listed({ sort: 'name', filter: 'stage != Engaging' })).toEqual([all[3], all[5], all[4]]);
    expect(await listed({ sort: 'stage,name', filter: 'stage:"in" AND stage:*' })).toEqual([
      ...all.slice(0, 4),
      all[5],
    ]);
    const pages: string[] = [];
    let cursor: string | undefined;
    do {
      const request = { sort: 'stage,name', limit: 2, total: true, ...(cursor ? { cursor } : {}) };
      const { data, page }: salesV1.ListOpportunitiesResponse = await invoke(
        'Opportunities',
        'listOpportunities',
        request,
      );
      expect(page!.total).toBe(6);
      pages.push(...data.map(({ name, stage }) => `${name}: ${stage}`));
      cursor = page!.next || undefined;
    } while (cursor);
    expect(pages).toEqual(all);
    await expect(listed({ sort: 'name,stage' })).rejects.toMatchObject({ code: 'bad-sort' });
    await expect(listed({ sort: 'stage', cursor: 'x' })).rejects.toMatchObject({ code: 'bad-cursor' });
    const { stages }: salesV1.OutcomeReport = await invoke('Reports', 'getOutcomeReport', {
      filter: 'stage = Engaging',
    });
    expect(stages).toContainEqual({ stage: 'Engaging', count: 3 });
  });
});

describe('what was stored before stages had ids', () => {
  const at = '2017-02-01T09:00:00.000Z';
  const stored = async (aggregate: string, id: string, ...events: readonly (readonly [string, object])[]) => {
    const metadata = { tenant: 'main', actor: { kind: 'user', id: 'u' }, correlationId: 'c', commandId: 'c' } as const;
    const { position } = await service.runtime.engines.events.append(
      streamName(aggregate, 'main', id),
      events.map(([type, data], n) => ({
        ...{ id: idFrom(id, n), type, data },
        metadata: { ...metadata, occurredAt: at, schemaVersion: 1 },
      })),
      'no-stream',
    );
    latest = consistencyToken('sales', position);
  };
  const place = (stage: string) => ({ stage, probability: 10, stageEnteredAt: at });
  const undone = (n: number, type: string, set: object): [string, object] => [
    'OpportunityChangeUndone',
    { undone: { eventId: idFrom('deal', n), type, revision: n }, set },
  ];

  it('is read as it is, twins and renamed stages too, and mended from then on', async () => {
    const [pipelineId, dealId, otherId] = ['pipeline', 'deal', 'other'].map((name) => idFrom(name)) as [
      string,
      string,
      string,
    ];
    const named = (...names: string[]) => names.map((name) => ({ name, probability: 10 }));
    await stored(
      'pipeline',
      pipelineId,
      ['PipelineCreated', { name: 'Old', stages: named('Talk', 'talk ', 'Propose') }],
      ['PipelineEdited', { set: { stages: named('Talk', 'talk ', 'Offer') } }],
    );
    const opened = (name: string, stage: string): [string, object] => [
      'OpportunityCreated',
      { name, pipelineId, openedOn: '2017-02-01', ...place(stage) },
    ];
    await stored(
      'opportunity',
      dealId,
      opened('Racks', 'Talk'),
      ['OpportunityMoved', { pipelineId, ...place('Propose') }],
      ['OpportunityWon', { closedOn: '2017-02-01', stageEnteredAt: at }],
      undone(2, 'OpportunityWon', { ...place('Propose'), status: 'open', closedOn: null, stageBeforeClosing: null }),
      ['OpportunityLost', { closedOn: '2017-02-01', stageEnteredAt: at, reason: 'Price' }],
      ['OpportunityReopened', place('talk ')],
      ['OpportunityLost', { closedOn: '2017-02-01', stageEnteredAt: at, reason: 'Price' }],
    );
    await stored('opportunity', otherId, opened('Cables', 'Propose'));
    pipeline = await invoke('Pipelines', 'getPipeline', { id: pipelineId });
    expect(pipeline.stages.map(({ id }) => id)).toEqual(['Talk', 'talk ', 'Offer'].map(stageIdOf));
    expect(await board()).toEqual(['Talk', 'talk ', 'Offer', 'Propose 1', 'Won', 'Lost 1']);
    expect(await listed({ filter: 'stage = Propose' })).toEqual(['Cables: Propose']);
    expect(await deals('reopenOpportunity', { id: dealId })).toMatchObject({
      stage: 'talk ',
      stageId: stageIdOf('talk '),
    });
    await restage(
      { name: 'Talk' },
      { id: stageIdOf('talk '), name: 'Meet' },
      { id: stageIdOf('Propose'), name: 'Bid' },
    );
    expect(await board()).toEqual(['Talk', 'Meet 1', 'Bid 1', 'Won', 'Lost']);
    expect(await board('2017-02-28')).toEqual(['Talk', 'talk ', 'Offer', 'Propose 1', 'Won', 'Lost 1']);
    const history: typesV1.ListHistoryResponse = await invoke('Opportunities', 'listOpportunityHistory', {
      id: dealId,
    });
    const { eventId } = history.data.find(({ type }) => type === 'OpportunityMoved')!;
    const request = { id: dealId, eventId, laterChanges: 'keep' };
    expect(await deals('undoOpportunityChange', request)).toMatchObject({ stage: 'Meet' });
  });
});
