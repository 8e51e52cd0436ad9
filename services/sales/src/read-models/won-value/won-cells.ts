import { type CellProjection, type Contribution, measureFields } from '@rapport/processing';
import type { OpportunityDocument } from '../opportunities/opportunity-document.js';

type Contributing = Pick<
  OpportunityDocument,
  'pipelineId' | 'status' | 'closedOn' | 'ownerId' | 'productId' | 'accountId' | 'amount' | 'archived'
>;

/** What a won opportunity adds to the won value. '' stands for what it has none of. Archived ones add nothing. */
export const wonContributions = (opportunity: Contributing): readonly Contribution[] => {
  const { status, closedOn, amount, archived } = opportunity;
  if (archived || status !== 'won' || closedOn === undefined) return [];
  const { pipelineId, ownerId = '', productId = '', accountId = '' } = opportunity;
  return [
    {
      dimensions: { pipelineId, closedOn, ownerId, productId, accountId, currency: amount?.currency ?? '' },
      measures: { count: 1, amountMinor: amount?.minor ?? 0 },
    },
  ];
};

export const wonCells: CellProjection<OpportunityDocument> = {
  declaration: {
    name: 'won_cells',
    fields: {
      day: 'date',
      pipelineId: 'text',
      closedOn: 'date',
      ownerId: 'text',
      productId: 'text',
      accountId: 'text',
      currency: 'text',
      count: 'number',
      ...measureFields('amountMinor'),
    },
    indexes: [['day'], ['closedOn']],
  },
  contributions: wonContributions,
};
