import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { salesV1, type typesV1 } from '@rapport/contracts';
import { externalAggregate, InMemoryEventStore, streamName } from '@rapport/event-store';
import { type CallContext, fixedClock, newId } from '@rapport/kernel';
import { type Engines, type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines, simulatedTime } from '@rapport/testing';
import { products } from './records/products.js';
import { salesModule } from './sales.module.js';

const clock = fixedClock('2017-03-01T09:00:00.000Z');
const USD = (major: number) => ({ minor: major * 100, currency: 'USD' });
let engines: Engines;
let service: RunningService;
let pipelineId: string;
let latest: string | undefined;

/** A call that sees what the calls before it wrote. */
const invoke = async (
  contract: string,
  method: string,
  request: object,
  given: Partial<CallContext> = {},
): Promise<never> => {
  const call = callBy({ consistency: latest, ...given });
  const answer = await service.backend.invoke(`rapport.sales.v1.${contract}Service`, method, request, call);
  latest = call.answer.consistency ?? latest;
  return answer as never;
};

const opportunities = (method: string, request: object): Promise<salesV1.Opportunity> =>
  invoke('Opportunities', method, request);

const create = (fields: object): Promise<salesV1.Opportunity> =>
  opportunities('createOpportunity', { opportunity: salesV1.Opportunity.fromPartial(fields) });

const board = async (asOf?: string): Promise<unknown[]> => {
  const { columns }: salesV1.Board = await invoke('Reports', 'getBoard', { pipelineId, asOf });
  return columns.map(({ stage, count, amounts }) => [
    stage,
    count,
    ...amounts.map(({ amount }) => amount!.minor! / 100),
  ]);
};

beforeEach(async () => {
  clock.set('2017-03-01T09:00:00.000Z');
  latest = undefined;
  engines = await inMemoryEngines({ clock });
  service = await startInProcess(salesModule(engines));
  const stages = [
    { name: 'Prospecting', probability: 10 },
    { name: 'Engaging', probability: 50 },
  ];
  const pipeline = salesV1.Pipeline.fromPartial({ name: 'Hardware', stages });
  ({ id: pipelineId } = await invoke('Pipelines', 'createPipeline', { pipeline }));
});
afterEach(() => service.close());

describe('an opportunity', () => {
  it('goes from stage to stage until it is won', async () => {
    const { id } = await create({ name: 'Racks', amount: USD(1_000) });
    clock.set('2017-03-05T09:00:00.000Z');
    const moved = await opportunities('moveOpportunity', { id, stage: 'Engaging' });
    expect(moved).toMatchObject({ stage: 'Engaging', probability: 50, stageEnteredAt: '2017-03-05T09:00:00.000Z' });
    clock.set('2017-03-20T09:00:00.000Z');
    const won = await opportunities('winOpportunity', { id, closedOn: '2017-03-10', amount: USD(900) });
    expect(won).toMatchObject({ status: 'won', stage: 'Won', closedOn: '2017-03-10', openedOn: '2017-03-01' });
    expect(won.info).toMatchObject({ revision: 2, updatedAt: '2017-03-10T00:00:00.000Z' });
    expect(await opportunities('getOpportunity', { id })).toEqual(won);
    expect(await opportunities('getOpportunity', { id, asOf: '2017-03-09' })).toMatchObject({ stage: 'Engaging' });
    expect(await board('2017-03-04')).toEqual([
      ['Prospecting', 1, 1_000],
      ['Engaging', 0],
      ['Won', 0],
      ['Lost', 0],
    ]);
    expect(await board('2017-03-09')).toEqual([
      ['Prospecting', 0],
      ['Engaging', 1, 1_000],
      ['Won', 0],
      ['Lost', 0],
    ]);
    expect(await board()).toEqual([
      ['Prospecting', 0],
      ['Engaging', 0],
      ['Won', 1, 900],
      ['Lost', 0],
    ]);
  });

  it('is lost for a reason, taken up again, and that undone', async () => {
    const { id } = await create({ name: 'Racks', stage: 'Engaging' });
    const lost = await opportunities('loseOpportunity', { id, reason: 'Price', notes: '' });
    expect(lost).toMatchObject({ status: 'lost', lostReason: 'Price', probability: 0 });
    expect(lost.lostNotes).toBeUndefined();
    expect(await opportunities('reopenOpportunity', { id })).toMatchObject({ status: 'open', stage: 'Engaging' });
    const history: typesV1.ListHistoryResponse = await invoke('Opportunities', 'listOpportunityHistory', { id });
    expect(history.data.map(({ type }) => type)).toEqual([
      'OpportunityReopened',
      'OpportunityLost',
      'OpportunityCreated',
    ]);
    expect(history.data[1]!.changes.map(({ field }) => field)).not.toContain('stageBeforeClosing');
    const { eventId } = history.data[0]!;
    expect(await opportunities('undoOpportunityChange', { id, eventId })).toMatchObject({
      status: 'lost',
      closedOn: '2017-03-01',
      lostReason: 'Price',
    });
    expect(await board()).toMatchObject([
      ['Prospecting', 0],
      ['Engaging', 0],
      ['Won', 0],
      ['Lost', 1],
    ]);
  });

  it('is closed no earlier than its last change', async () => {
    const { id } = await create({ name: 'Racks' });
    clock.set('2017-03-08T10:00:00.000Z');
    await opportunities('updateOpportunity', { id, opportunity: { nextStep: 'Call' }, updateMask: ['nextStep'] });
    const won = await opportunities('winOpportunity', { id, closedOn: '2017-03-02' });
    expect(won).toMatchObject({ closedOn: '2017-03-02', info: { updatedAt: '2017-03-08T10:00:00.000Z' } });
  });

  it('stays in its pipeline unless another is named, and in one that exists', async () => {
    const { id } = await create({ name: 'Racks' });
    const pipeline = salesV1.Pipeline.fromPartial({ name: 'Services', stages: [{ name: 'Talks', probability: 1 }] });
    const other: salesV1.Pipeline = await invoke('Pipelines', 'createPipeline', { pipeline });
    await expect(opportunities('moveOpportunity', { id, stage: 'Talks' })).rejects.toMatchObject({
      code: 'unknown-stage',
    });
    expect(await opportunities('moveOpportunity', { id, stage: 'Talks', pipelineId: other.id })).toMatchObject({
      pipelineId: other.id,
      probability: 1,
    });
    await expect(create({ name: 'x', pipelineId: id })).rejects.toMatchObject({ code: 'pipeline-not-found' });
  });

  it('needs a pipeline', async () => {
    await invoke('Pipelines', 'archivePipeline', { id: pipelineId });
    await expect(create({ name: 'Racks' })).rejects.toMatchObject({ code: 'no-pipeline' });
  });

  it('does not take what only its events decide', async () => {
    const { id } = await create({ name: 'Racks', status: 'won', closedOn: '2017-01-01', openedOn: '2016-01-01' });
    expect(await opportunities('getOpportunity', { id })).toMatchObject({ status: 'open', openedOn: '2017-03-01' });
    const request = { id, opportunity: { stage: 'Won' }, updateMask: ['stage'] };
    await expect(opportunities('updateOpportunity', request)).rejects.toMatchObject({ code: 'not-editable' });
  });
});

describe('the day on which an order is expected', () => {
  const DAY = 86_400_000;
  const type = 'OpportunityCameDue';

  /** As if it were the evening of 30 March. */
  const running = async (given: Partial<Engines> = {}) => {
    await service.close();
    const time = simulatedTime('2017-03-30T20:00:00.000Z');
    engines = await inMemoryEngines({ ...time, events: new InMemoryEventStore(time.clock), ...given });
    service = await startInProcess(salesModule(engines));
    latest = undefined;
    await invoke('Pipelines', 'createPipeline', {
      pipeline: salesV1.Pipeline.fromPartial({ name: 'x', stages: [{ name: 'Talks' }] }),
    });
    return time;
  };
  const typesOf = async (id: string): Promise<string[]> => {
    const { data }: typesV1.ListHistoryResponse = await invoke('Opportunities', 'listOpportunityHistory', { id });
    return data.map((entry) => entry.type);
  };
  const overdue = async (id: string, more: object = {}): Promise<boolean | undefined> =>
    (await opportunities('getOpportunity', { id, ...more })).overdue;

  it('passes once, and is known from then on', async () => {
    const time = await running();
    const { id } = await create({ name: 'Racks', expectedCloseOn: '2017-03-31' });
    time.advance(DAY);
    expect([await overdue(id), await typesOf(id)]).toEqual([false, ['OpportunityCreated']]);
    await time.passUntil('it has passed', async () => (await typesOf(id)).includes(type));
    expect(await overdue(id)).toBe(true);
    expect([await overdue(id, { asOf: '2017-03-31' }), await overdue(id, { asOf: '2017-04-01' })]).toEqual([
      false,
      true,
    ]);
    const filter = 'expectedCloseOn < 2017-04-01 AND status = "open"';
    const list: salesV1.ListOpportunitiesResponse = await invoke('Opportunities', 'listOpportunities', { filter });
    expect(list.data).toMatchObject([{ name: 'Racks', overdue: true }]);
    const other = await create({ name: 'Cables', expectedCloseOn: time.clock.now().toISOString().slice(0, 10) });
    time.advance(DAY);
    await time.passUntil('the next one has', async () => (await typesOf(other.id)).includes(type));
    expect(await typesOf(id)).toEqual([type, 'OpportunityCreated']);
  });

  it('is put off, passed by when it was won, and does not come back when that one is reopened', async () => {
    const time = await running();
    const [later, won] = [
      await create({ name: 'a', expectedCloseOn: '2017-03-31' }),
      await create({ name: 'b', expectedCloseOn: '2017-03-31' }),
    ];
    await opportunities('updateOpportunity', {
      id: later.id,
      opportunity: { expectedCloseOn: '2017-04-02' },
      updateMask: ['expectedCloseOn'],
    });
    await opportunities('winOpportunity', { id: won.id });
    time.advance(2 * DAY);
    await opportunities('reopenOpportunity', { id: won.id });
    expect(await typesOf(later.id)).not.toContain(type);
    time.advance(DAY);
    await time.passUntil('it has passed', async () => (await typesOf(later.id)).includes(type));
    expect(await typesOf(won.id)).not.toContain(type);
  });

  it('starts nothing where it lay in the past when it was told, or when this began', async () => {
    const time = await running();
    const { events, keys } = engines;
    const waiting = await create({ name: 'of an earlier program', expectedCloseOn: '2017-03-31' });
    await service.close();
    time.advance(3 * DAY);
    // Nothing is remembered of timers, as where a program without them ran.
    service = await startInProcess(salesModule((engines = await inMemoryEngines({ ...time, events, keys }))));
    const past = await create({ name: 'of last year', expectedCloseOn: '2016-03-31' });
    const next = await create({ name: 'to come', expectedCloseOn: time.clock.now().toISOString().slice(0, 10) });
    time.advance(DAY);
    await time.passUntil('what is to come has passed', async () => (await typesOf(next.id)).includes(type));
    expect([...(await typesOf(waiting.id)), ...(await typesOf(past.id))]).not.toContain(type);
    expect([await overdue(waiting.id), await overdue(past.id)]).toEqual([true, true]);
  });
});

/** As if contacts had let it be heard. */
const hearOf = async (accountId: string, type: string, data: object): Promise<void> => {
  const metadata = {
    tenant: 'main',
    actor: { kind: 'user', id: 'ada' } as const,
    correlationId: 'c',
    commandId: 'd',
    occurredAt: '2017-03-01T09:00:00.000Z',
    schemaVersion: 1,
  };
  const stream = streamName(externalAggregate('contacts', 'account'), 'main', accountId);
  await engines.events.append(stream, [{ id: newId(), type, data, metadata }], 'any');
};

describe('a write that is stored', () => {
  it('is answered, also when the names behind its ids cannot be had', async () => {
    const product: salesV1.Product = await invoke('Products', 'createProduct', {
      product: salesV1.Product.fromPartial({ name: 'GTX Pro' }),
    });
    await service.runtime.projection(products.projection).stop();
    const ahead = { consistency: `sales:${'9'.repeat(20)}` };
    const fields = salesV1.Opportunity.fromPartial({ name: 'Racks', productId: product.id, pipelineId });
    const created: salesV1.Opportunity = await invoke(
      'Opportunities',
      'createOpportunity',
      { opportunity: fields },
      ahead,
    );
    expect(created).toMatchObject({ name: 'Racks', productId: product.id, productName: undefined });
    const { id } = created;
    const won: salesV1.Opportunity = await invoke('Opportunities', 'winOpportunity', { id }, ahead);
    expect(won).toMatchObject({ status: 'won' });
    await expect(invoke('Opportunities', 'getOpportunity', { id, asOf: '2017-03-02' }, ahead)).rejects.toMatchObject({
      code: 'not-caught-up',
    });
  });
});

describe('lists and reports', () => {
  const representative = async (name: string, manager: string): Promise<string> => {
    const created: salesV1.Representative = await invoke('Representatives', 'createRepresentative', {
      representative: salesV1.Representative.fromPartial({ name, manager, region: 'West' }),
    });
    return created.id;
  };

  it('tell names, of accounts too, which are another context’s', async () => {
    const ownerId = await representative('Ada Example', 'Mia Example');
    const product: salesV1.Product = await invoke('Products', 'createProduct', {
      product: salesV1.Product.fromPartial({ name: 'GTX Pro' }),
    });
    const accountId = '01940000-0000-7000-8000-00000000000a';
    await hearOf(accountId, 'AccountCreated', { account: { name: 'Acme' } });
    await service.runtime.caughtUp();
    await create({ name: 'Racks', ownerId, productId: product.id, accountId, tags: ['vip'] });
    await create({ name: 'Cables' });
    const list: salesV1.ListOpportunitiesResponse = await invoke('Opportunities', 'listOpportunities', {
      filter: 'tags:vip AND status = open AND openedOn = 2017-03-01',
    });
    expect(list.data).toMatchObject([
      { name: 'Racks', ownerName: 'Ada Example', productName: 'GTX Pro', accountName: 'Acme' },
    ]);
  });

  it('group won value and tell outcomes', async () => {
    const [ada, bo] = [await representative('Ada', 'Mia'), await representative('Bo', 'Mia')];
    for (const [ownerId, amount, day] of [
      [ada, 10, '03-31'],
      [bo, 20, '03-11'],
      [bo, 40, '04-01'],
    ] as const) {
      clock.set('2017-03-01T09:00:00.000Z');
      const { id } = await create({ name: 'x', ownerId, amount: USD(amount) });
      clock.set('2017-05-01T09:00:00.000Z');
      await opportunities('winOpportunity', { id, closedOn: `2017-${day}` });
    }
    const won = async (request: object): Promise<unknown[]> => {
      const report: salesV1.WonReport = await invoke('Reports', 'getWonReport', request);
      return report.data.map(({ key, count, amount }) => [...key, count, amount!.minor! / 100]);
    };
    expect(await won({ groupBy: 'quarter' })).toEqual([
      ['2017-Q1', 2, 30],
      ['2017-Q2', 1, 40],
    ]);
    expect(await won({ groupBy: 'manager,month', to: '2017-03-31' })).toEqual([['Mia', '2017-03', 2, 30]]);
    expect(await won({ groupBy: 'owner', asOf: '2017-03-30' })).toEqual([['Bo', 1, 20]]);
    const outcomes: salesV1.OutcomeReport = await invoke('Reports', 'getOutcomeReport', {
      filter: 'amount.minor > 1000',
    });
    expect(outcomes).toMatchObject({
      opportunities: 2,
      won: 2,
      winRate: 100,
      wonCycleDays: { mean: 20.5, median: 20.5 },
    });
  });

  it('give every row of a batch its own outcome', async () => {
    const { data }: salesV1.BatchOpportunitiesResponse = await invoke('Opportunities', 'batchOpportunities', {
      rows: [
        { clientRef: 'a', create: salesV1.Opportunity.fromPartial({ name: 'Racks' }) },
        { clientRef: 'b', create: salesV1.Opportunity.fromPartial({ name: 'Racks', stage: 'Nowhere' }) },
      ],
    });
    expect(data).toMatchObject([
      { clientRef: 'a', status: 201 },
      { clientRef: 'b', problem: { code: 'unknown-stage' } },
    ]);
  });
});
