import type { Projection } from '@rapport/processing';
import { type RecordListing, recordProjection } from '@rapport/service-kit';
import { daysBetween } from '../../domain/opportunity/day.js';
import { opportunity } from '../../domain/opportunity/opportunity.decide.js';
import type { Opportunity } from '../../domain/opportunity/opportunity.fields.js';
import type { OpportunityState } from '../../domain/opportunity/opportunity.js';
import { boardCells } from '../pipeline-board/board-cells.js';
import { wonCells } from '../won-value/won-cells.js';
import type { OpportunityDocument } from './opportunity-document.js';

const listing: RecordListing<OpportunityState> = {
  name: 'opportunities',
  fields: {
    name: 'text',
    pipelineId: 'text',
    stageId: 'text',
    status: 'text',
    accountId: 'text',
    contactId: 'text',
    ownerId: 'text',
    productId: 'text',
    'amount.minor': 'number',
    'amount.currency': 'text',
    probability: 'number',
    expectedCloseOn: 'date',
    closedOn: 'date',
    openedOn: 'date',
    stageEnteredAt: 'time',
    lostReason: 'text',
    nextStep: 'text',
    tags: 'texts',
    externalId: 'text',
    cycleDays: 'number',
  },
  indexes: [['externalId'], ['stageId'], ['ownerId'], ['accountId'], ['closedOn'], ['amount.minor'], ['name']],
  derived: ({ status, openedOn, closedOn }: Opportunity) => ({
    cycleDays: status === 'won' && closedOn !== undefined ? daysBetween(openedOn, closedOn) : undefined,
  }),
};

export const BOARD_CELLS = 0;
export const WON_CELLS = 1;

/** The list, and the figures that follow from it. */
export const opportunities: Projection<OpportunityDocument> = {
  ...recordProjection(opportunity, listing),
  cells: [boardCells, wonCells],
};
