import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { salesV1 } from '@rapport/contracts';
import { fixedClock } from '@rapport/kernel';
import { type RunningService, startInProcess } from '@rapport/service-kit';
import { callBy, inMemoryEngines } from '@rapport/testing';
import { salesModule } from './sales.module.js';

let service: RunningService;
let latest: string | undefined;

const invoke = async <T>(contract: string, method: string, request: object): Promise<T> => {
  const call = callBy({ consistency: latest });
  const answer = await service.backend.invoke(`rapport.sales.v1.${contract}Service`, method, request, call);
  latest = call.answer.consistency ?? latest;
  return answer as T;
};

beforeEach(async () => {
  latest = undefined;
  service = await startInProcess(salesModule(await inMemoryEngines({ clock: fixedClock('2017-03-01T09:00:00.000Z') })));
});
afterEach(() => service.close());

it('adds amounts up to sums that no number says', async () => {
  const stages = [{ name: 'Prospecting', probability: 10 }];
  const pipeline = salesV1.Pipeline.fromPartial({ name: 'Hardware', stages });
  const { id: pipelineId } = await invoke<salesV1.Pipeline>('Pipelines', 'createPipeline', { pipeline });
  const amount = { minor: Number.MAX_SAFE_INTEGER, currency: 'USD' };
  const sum = { currency: 'USD', largeMinor: '18014398509481982' };
  const ids: string[] = [];
  for (const name of ['One', 'Two']) {
    const opportunity = salesV1.Opportunity.fromPartial({ name, amount });
    ids.push((await invoke<salesV1.Opportunity>('Opportunities', 'createOpportunity', { opportunity })).id);
  }
  const board = async () =>
    (await invoke<salesV1.Board>('Reports', 'getBoard', { pipelineId })).columns.map(({ amounts }) => amounts);
  const weighted = { minor: 1801439850948198, currency: 'USD' };
  expect(await board()).toEqual([[{ amount: sum, weighted }], [], []]);
  for (const id of ids) await invoke('Opportunities', 'winOpportunity', { id });
  expect(await board()).toEqual([[], [{ amount: sum, weighted: sum }], []]);
  const won = await invoke<salesV1.WonReport>('Reports', 'getWonReport', { groupBy: 'year' });
  expect(won.data).toEqual([{ key: ['2017'], ids: [''], count: 2, amount: sum }]);
  const outcomes = await invoke<salesV1.OutcomeReport>('Reports', 'getOutcomeReport', {});
  expect(outcomes.wonAmounts).toEqual([sum]);
});
