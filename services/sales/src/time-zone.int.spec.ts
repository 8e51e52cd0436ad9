import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { salesV1 } from '@rapport/contracts';
import { calendarIn, fixedClock } from '@rapport/kernel';
import { type Engines, type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { salesModule } from './sales.module.js';

const FIVE_IN_CALIFORNIA = '2017-04-01T00:00:00.000Z';
const clock = fixedClock(FIVE_IN_CALIFORNIA);
let engines: Engines;
let service: RunningService;
let latest: string | undefined;

const invoke = async <T>(contract: string, method: string, request: object): Promise<T> => {
  const call = callBy({ consistency: latest });
  const answer = await service.backend.invoke(`rapport.sales.v1.${contract}Service`, method, request, call);
  latest = call.answer.consistency ?? latest;
  return answer as T;
};
const start = async (zone: string): Promise<void> => {
  service = await startInProcess(salesModule({ ...engines, calendar: calendarIn(zone) }));
};
const create = (fields: object): Promise<salesV1.Opportunity> =>
  invoke('Opportunities', 'createOpportunity', { opportunity: salesV1.Opportunity.fromPartial(fields) });

beforeEach(async () => {
  clock.set(FIVE_IN_CALIFORNIA);
  latest = undefined;
  engines = await inMemoryEngines({ clock });
  await start('America/Los_Angeles');
});
afterEach(() => service.close());

const anOpportunity = async (fields: object = {}): Promise<{ id: string; pipelineId: string }> => {
  const stages = [{ name: 'Prospecting', probability: 10 }];
  const pipeline = salesV1.Pipeline.fromPartial({ name: 'Hardware', stages });
  const { id: pipelineId } = await invoke<salesV1.Pipeline>('Pipelines', 'createPipeline', { pipeline });
  const { id } = await create({ name: 'Racks', ...fields });
  return { id, pipelineId };
};

const wonOn = async (pipelineId: string, asOf: string): Promise<number | undefined> => {
  const { columns } = await invoke<salesV1.Board>('Reports', 'getBoard', { pipelineId, asOf });
  return columns.find(({ stage }) => stage === 'Won')?.count;
};

describe('days in California', () => {
  it('count a win at five in the afternoon of 31 March to March', async () => {
    const { id, pipelineId } = await anOpportunity({ amount: { minor: 500, currency: 'USD' } });
    const won = await invoke<salesV1.Opportunity>('Opportunities', 'winOpportunity', { id });
    expect(won).toMatchObject({ openedOn: '2017-03-31', closedOn: '2017-03-31' });
    const { data } = await invoke<salesV1.WonReport>('Reports', 'getWonReport', { groupBy: 'month' });
    expect(data).toMatchObject([{ key: ['2017-03'], count: 1, amount: { minor: 500 } }]);
    expect([await wonOn(pipelineId, '2017-03-30'), await wonOn(pipelineId, '2017-03-31')]).toEqual([0, 1]);
    const then = await invoke('Opportunities', 'getOpportunity', { id, asOf: '2017-03-31' });
    expect(then).toMatchObject({ stage: 'Won' });
    await expect(invoke('Opportunities', 'getOpportunity', { id, asOf: '2017-03-30' })).rejects.toMatchObject({
      code: 'not-yet-there',
    });
  });

  it('begin when they begin there: what was closed on an earlier one was closed then', async () => {
    const { id } = await anOpportunity({ amount: { minor: 500, currency: 'USD' } });
    clock.set('2017-04-03T12:00:00.000Z');
    const won = await invoke<salesV1.Opportunity>('Opportunities', 'winOpportunity', { id, closedOn: '2017-04-02' });
    expect(won.info).toMatchObject({ updatedAt: '2017-04-02T07:00:00.000Z' });
  });

  it('let an order be overdue once its day is over there', async () => {
    const { id } = await anOpportunity({ expectedCloseOn: '2017-03-31' });
    const overdue = async (): Promise<unknown> =>
      (await invoke<salesV1.Opportunity>('Opportunities', 'getOpportunity', { id })).overdue;
    clock.set('2017-04-01T06:59:59.999Z');
    expect(await overdue()).toBe(false);
    clock.set('2017-04-01T07:00:00.000Z');
    expect(await overdue()).toBe(true);
  });

  it('are counted anew once days are those of another zone', async () => {
    const { id, pipelineId } = await anOpportunity();
    await invoke('Opportunities', 'winOpportunity', { id });
    await service.close();
    await start('UTC');
    await service.runtime.caughtUp();
    await Promise.all(service.runtime.allProjections.map((projection) => projection.settled()));
    expect([await wonOn(pipelineId, '2017-03-31'), await wonOn(pipelineId, '2017-04-01')]).toEqual([0, 1]);
  });
});
