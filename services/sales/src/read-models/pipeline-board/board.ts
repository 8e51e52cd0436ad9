import type { TimeZone } from '@rapport/kernel';
import type { salesV1 } from '@rapport/contracts';
import { measured, measureSums } from '@rapport/processing';
import { and, type Group, type Scope, where } from '@rapport/read-models';
import type { Figures } from '../figures-in-sight.js';
import { momentOf } from '@rapport/service-kit';
import type { Day } from '../../domain/opportunity/day.js';
import type { PipelineOverTime } from '../../domain/pipeline/pipeline-over-time.js';
import { moneySum } from '../money-sum.js';
import { LOST_STAGE_ID, WON_STAGE_ID } from '../../domain/pipeline/stage-id.js';

/** The day at whose end a board is asked for, and where. */
export interface BoardDay {
  readonly asOf: Day;
  readonly zone: TimeZone;
}

/** What a board says something about. */
export const ON_BOARD = ['pipelineId', 'stageId', 'amount', 'probability', 'archived'] as const;

/** A pipeline's board as it stood at the end of a day there, its stages called and ordered as they were then. */
export const boardAsOf = async (
  figures: Figures,
  scope: Scope,
  pipeline: PipelineOverTime,
  { asOf, zone }: BoardDay,
): Promise<salesV1.Board> => {
  const moment = momentOf(asOf, zone);
  const { id, name } = pipeline.at(moment);
  const groups = await figures.aggregate(scope, {
    filter: and(where('pipelineId', '=', id), where('day', '<=', asOf)),
    groupBy: ['stageId', 'currency'],
    sums: ['count', ...measureSums(['amountMinor', 'weightedMinor'])],
  });
  return { pipelineId: id, pipelineName: name, asOf, columns: columnsOf(pipeline, moment, groups) };
};

/**
 * The pipeline's stages in their order, then those that it had at another time while something stands there, then "Won" and
 * "Lost". Groups are keyed by stage and currency.
 */
export const columnsOf = (
  pipeline: PipelineOverTime,
  moment: string,
  groups: readonly Group[],
): salesV1.BoardColumn[] => {
  const columns = new Map<string, salesV1.BoardColumn>();
  const columnOf = (stageId: string): salesV1.BoardColumn => {
    const stage = (): string => pipeline.nameOf(stageId, moment) ?? '';
    const column = columns.get(stageId) ?? { stage: stage(), count: 0, amounts: [], stageId };
    columns.set(stageId, column);
    return column;
  };
  for (const { id } of pipeline.at(moment).stages) columnOf(id);
  const occupied = groups.filter((group) => measured(group, 'count') !== 0n);
  for (const { key } of occupied) if (!CLOSED.includes(key[0] as string)) columnOf(key[0] as string);
  for (const stageId of CLOSED) columnOf(stageId);
  for (const group of occupied) {
    const [stageId, currency] = group.key as readonly [string, string];
    const column = columnOf(stageId);
    column.count += Number(measured(group, 'count'));
    if (currency === '') continue;
    const [amount, weighted] = ['amountMinor', 'weightedMinor'].map((measure) =>
      moneySum(measured(group, measure), currency),
    );
    column.amounts.push({ amount, weighted });
  }
  return [...columns.values()];
};

const CLOSED: readonly string[] = [WON_STAGE_ID, LOST_STAGE_ID];
