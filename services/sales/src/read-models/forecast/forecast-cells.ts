import { percentOf } from '@rapport/kernel';
import { type CellProjection, type Contribution, measureFields } from '@rapport/processing';
import type { OpportunityDocument } from '../opportunities/opportunity-document.js';

type Contributing = Pick<
  OpportunityDocument,
  | ('pipelineId' | 'status' | 'closedOn' | 'expectedCloseOn' | 'forecastCategory')
  | ('ownerId' | 'amount' | 'probability' | 'archived')
>;

/**
 * What an opportunity adds to a forecast: its amount, in its category, on the day on which it was won or its order is expected.
 * '' stands for what it has none of. What is omitted, has no such day, or is archived adds nothing.
 */
export const forecastContributions = (opportunity: Contributing): readonly Contribution[] => {
  const { status, closedOn, expectedCloseOn, forecastCategory: category, archived } = opportunity;
  const closesOn = status === 'open' ? expectedCloseOn : closedOn;
  if (archived || category === 'omitted' || closesOn === undefined) return [];
  const { pipelineId, ownerId = '', amount, probability } = opportunity;
  const amountMinor = amount?.minor ?? 0;
  return [
    {
      dimensions: { pipelineId, closesOn, category, ownerId, currency: amount?.currency ?? '' },
      measures: { count: 1, amountMinor, weightedMinor: percentOf(amountMinor, probability) },
    },
  ];
};

export const forecastCells: CellProjection<OpportunityDocument> = {
  declaration: {
    name: 'forecast_cells',
    fields: {
      day: 'date',
      pipelineId: 'text',
      closesOn: 'date',
      category: 'text',
      ownerId: 'text',
      currency: 'text',
      count: 'number',
      ...measureFields('amountMinor', 'weightedMinor'),
    },
    indexes: [['closesOn']],
  },
  contributions: forecastContributions,
};
