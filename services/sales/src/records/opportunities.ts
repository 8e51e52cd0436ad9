import { salesV1 } from '@rapport/contracts';
import { SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { publishes } from '../contracts/publishes.js';
import { daysBetween } from '../domain/opportunity/day.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { Opportunity } from '../domain/opportunity/opportunity.fields.js';
import { boardCells } from '../read-models/pipeline-board/board-cells.js';
import { USERS } from '../read-models/user-names.js';
import { wonCells } from '../read-models/won-value/won-cells.js';

export const BOARD_CELLS = 0;
export const WON_CELLS = 1;

/** Days from opening to winning; of won ones only. */
const cycleDays = ({ status, openedOn, closedOn }: Opportunity): number | undefined =>
  status === 'won' && closedOn !== undefined ? daysBetween(openedOn, closedOn) : undefined;

/** Chances to sell, and the figures that follow from them. */
export const opportunities = defineRecord({
  decider: opportunity,
  contract: salesV1,
  plural: 'opportunities',
  refersTo: { ownerId: ['representative', USERS], productId: 'product' },
  leadsTo: { accountId: 'contacts.account' },
  publishes,
  sort: [{ field: 'createdAt', descending: true }],
  indexes: [['stageId'], ['closedOn'], ['amount.minor'], ['name']],
  lookups: [['externalId'], ['ownerId', 'createdAt'], ['teamId'], ['shared'], ['accountId']],
  unlisted: ['stage', 'lostNotes', 'description'],
  derived: {
    fields: { cycleDays: 'number', ...SHARED_FIELDS },
    of: (state) => ({ cycleDays: cycleDays(state), ...sharedFields(state) }),
  },
  cells: [boardCells, wonCells],
  internal: ['stageIdBeforeClosing'],
  filledIn: ['accountName', 'ownerName', 'productName', 'overdue'],
});

export type OpportunityRecords = RecordsOf<typeof opportunities>;
export type OpportunityDocument = DocumentOf<typeof opportunities>;
