import { momentOf } from '@rapport/service-kit';
import { UTC } from '@rapport/kernel';
import { describe, expect, it } from '@jest/globals';
import type { Group } from '@rapport/read-models';
import { engaging, hardwareSales, prospecting } from '../../domain/opportunity/opportunity.examples.js';
import type { Stage } from '../../domain/pipeline/pipeline.events.js';
import { PipelineOverTime, type PipelineSince } from '../../domain/pipeline/pipeline-over-time.js';
import { LOST_STAGE_ID } from '../../domain/pipeline/stage-id.js';
import { boardContributions } from './board-cells.js';
import { columnsOf } from './board.js';

const since = (day: string, name: string, ...stages: readonly Stage[]): PipelineSince => ({
  since: `${day}T12:00:00.000Z`,
  pipeline: { ...hardwareSales, name, stages },
});
const inTalks = { ...engaging, name: 'In talks' };
const pipeline = new PipelineOverTime([
  since('2017-01-10', 'Hardware', prospecting, engaging),
  since('2017-02-10', 'Machines', prospecting, inTalks),
  since('2017-03-10', 'Machines', { id: 's3', name: 'Signing', probability: 90 }, prospecting),
]);

const group = (stageId: string, currency: string, count: number, amountMinor = 0, weightedMinor = 0): Group => ({
  key: [stageId, currency],
  count: 7,
  sums: { count: BigInt(count), amountMinor: BigInt(amountMinor), weightedMinor: BigInt(weightedMinor) },
});

describe('what an opportunity adds to the board', () => {
  const open = { pipelineId: 'p', stageId: 's', probability: 33, archived: false };

  it('is its amount, and its weighted amount rounded to a whole minor unit', () => {
    expect(boardContributions({ ...open, amount: { minor: 101, currency: 'USD' } })).toEqual([
      {
        dimensions: { pipelineId: 'p', stageId: 's', currency: 'USD' },
        measures: { count: 1, amountMinor: 101, weightedMinor: 33 },
      },
    ]);
  });

  it('is only itself without an amount, and nothing once archived', () => {
    expect(boardContributions(open)).toMatchObject([{ dimensions: { currency: '' }, measures: { amountMinor: 0 } }]);
    expect(boardContributions({ ...open, archived: true })).toEqual([]);
  });
});

describe('a board', () => {
  const shown = (asOf: string, ...groups: readonly Group[]): unknown =>
    columnsOf(pipeline, momentOf(asOf, UTC), groups).map(({ stage, count }) =>
      count === 0 ? stage : `${stage} ${count}`,
    );

  it('has every stage in order, then others that are not empty, then Won and Lost', () => {
    const groups = [group(LOST_STAGE_ID, 'USD', 1, 5), group(engaging.id, 'USD', 2, 10, 1), group('s0', 'USD', 0)];
    expect(shown('2017-03-10', ...groups)).toEqual(['Signing', 'Prospecting', 'In talks 2', 'Won', 'Lost 1']);
  });

  it('has the names and the order of its day, and of days before the pipeline those it had first', () => {
    const groups = [group(engaging.id, 'USD', 2), group('s3', 'USD', 1)];
    expect(shown('2016-12-31', ...groups)).toEqual(['Prospecting', 'Engaging 2', 'Signing 1', 'Won', 'Lost']);
    expect(shown('2017-01-10', group(engaging.id, '', 2))).toEqual(['Prospecting', 'Engaging 2', 'Won', 'Lost']);
    expect(shown('2017-02-09')).toEqual(['Prospecting', 'Engaging', 'Won', 'Lost']);
    expect(shown('2017-02-10')).toEqual(['Prospecting', 'In talks', 'Won', 'Lost']);
    expect(pipeline.at('2017-02-01T00:00:00.000Z').name).toBe('Hardware');
    expect(pipeline.today.name).toBe('Machines');
    expect([pipeline.nameOf(engaging.id), pipeline.nameOf('s9')]).toEqual(['In talks', undefined]);
  });

  it('counts all and adds up per currency', () => {
    const of = (...rest: readonly [string, number, number?, number?]) => group(engaging.id, ...rest);
    const groups = [of('', 3), of('EUR', 1, 100, 50), of('USD', 2, 9, 4)];
    expect(columnsOf(pipeline, momentOf('2017-01-31', UTC), groups)[1]).toEqual({
      stage: 'Engaging',
      stageId: engaging.id,
      count: 6,
      amounts: [
        { amount: { minor: 100, currency: 'EUR' }, weighted: { minor: 50, currency: 'EUR' } },
        { amount: { minor: 9, currency: 'USD' }, weighted: { minor: 4, currency: 'USD' } },
      ],
    });
  });
});
