import { percentOf } from '@rapport/kernel';
import { type CellProjection, type Contribution, measureFields } from '@rapport/processing';
import type { OpportunityDocument } from '../opportunities/opportunity-document.js';

type Contributing = Pick<OpportunityDocument, 'pipelineId' | 'stageId' | 'amount' | 'probability' | 'archived'>;

/**
 * What an opportunity adds to its pipeline's board: itself, its amount, and its amount times its probability, rounded to
 * a whole minor unit. Without an amount its currency is ''. Archived ones add nothing.
 */
export const boardContributions = (opportunity: Contributing): readonly Contribution[] => {
  if (opportunity.archived) return [];
  const { pipelineId, stageId, amount, probability } = opportunity;
  const amountMinor = amount?.minor ?? 0;
  return [
    {
      dimensions: { pipelineId, stageId, currency: amount?.currency ?? '' },
      measures: { count: 1, amountMinor, weightedMinor: percentOf(amountMinor, probability) },
    },
  ];
};

export const boardCells: CellProjection<OpportunityDocument> = {
  declaration: {
    name: 'board_cells',
    fields: {
      day: 'date',
      pipelineId: 'text',
      stageId: 'text',
      currency: 'text',
      count: 'number',
      ...measureFields('amountMinor', 'weightedMinor'),
    },
    indexes: [['pipelineId', 'day']],
  },
  contributions: boardContributions,
};
