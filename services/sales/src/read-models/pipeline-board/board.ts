import type { salesV1 } from '@rapport/contracts';
import { money } from '@rapport/kernel';
import type { Cell } from '@rapport/processing';
import { and, type Documents, type Group, type Scope, where } from '@rapport/read-models';
import type { Day } from '../../domain/opportunity/day.js';
import { LOST_STAGE, type PipelineStages, WON_STAGE } from '../../domain/pipeline/pipeline.js';

/** A pipeline's board as it stood at the end of a day, UTC. */
export const boardAsOf = async (
  cells: Documents<Cell>,
  scope: Scope,
  pipeline: PipelineStages,
  asOf: Day,
): Promise<salesV1.Board> => {
  const groups = await cells.aggregate(scope, {
    filter: and(where('pipelineId', '=', pipeline.id), where('day', '<=', asOf)),
    groupBy: ['stage', 'currency'],
    sums: ['count', 'amountMinor', 'weightedMinor'],
  });
  return { pipelineId: pipeline.id, pipelineName: pipeline.name, asOf, columns: columnsOf(pipeline, groups) };
};

/**
 * The pipeline's stages in their order, then those it had earlier while something stands there, then "Won" and "Lost".
 * Groups are keyed by stage and currency.
 */
export const columnsOf = (pipeline: PipelineStages, groups: readonly Group[]): salesV1.BoardColumn[] => {
  const columns = new Map<string, salesV1.BoardColumn>();
  const columnOf = (stage: string): salesV1.BoardColumn => {
    const column = columns.get(stage) ?? { stage, count: 0, amounts: [] };
    columns.set(stage, column);
    return column;
  };
  for (const { name } of pipeline.stages) columnOf(name);
  const occupied = groups.filter(({ sums }) => sums.count !== 0);
  for (const { key } of occupied) if (!CLOSED.includes(key[0] as string)) columnOf(key[0] as string);
  for (const stage of CLOSED) columnOf(stage);
  for (const { key, sums } of occupied) {
    const [stage, currency] = key as readonly [string, string];
    const column = columnOf(stage);
    column.count += sums.count!;
    if (currency === '') continue;
    const [amount, weighted] = [money(sums.amountMinor!, currency), money(sums.weightedMinor!, currency)];
    column.amounts.push({ amount, weighted });
  }
  return [...columns.values()];
};

const CLOSED: readonly string[] = [WON_STAGE, LOST_STAGE];
