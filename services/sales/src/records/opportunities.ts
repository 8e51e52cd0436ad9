import { salesV1 } from '@rapport/contracts';
import { percentOf, SHARED_FIELDS, sharedFields } from '@rapport/kernel';
import { defineRecord, type DocumentOf, type RecordsOf } from '@rapport/service-kit';
import { publishes } from '../contracts/publishes.js';
import { daysBetween } from '../domain/opportunity/day.js';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import type { ContactRole, Opportunity } from '../domain/opportunity/opportunity.fields.js';
import { forecastCells } from '../read-models/forecast/forecast-cells.js';
import { boardCells } from '../read-models/pipeline-board/board-cells.js';
import { ALIASES } from '../read-models/contact-aliases.js';
import { USERS } from '../read-models/user-names.js';
import { wonCells } from '../read-models/won-value/won-cells.js';

export const BOARD_CELLS = 0;
export const WON_CELLS = 1;
export const FORECAST_CELLS = 2;

/** What lists are asked by for an opportunity's amount times its probability. */
export const EXPECTED_REVENUE = 'expectedRevenue.minor';

/** Days from opening to winning; of won ones only. */
const cycleDays = ({ status, openedOn, closedOn }: Opportunity): number | undefined =>
  status === 'won' && closedOn !== undefined ? daysBetween(openedOn, closedOn) : undefined;

/** Who takes part, the one to talk to among them. */
const contactIds = ({ contactId, contactRoles = [] }: Opportunity): readonly string[] | undefined => {
  const ids = new Set([...(contactId === undefined ? [] : [contactId]), ...contactRoles.map((role) => role.contactId)]);
  return ids.size > 0 ? [...ids] : undefined;
};

type Asked = { readonly contactRoles?: readonly ContactRole[] | null };

/** Without what a role leaves open. */
const bare = ({ contactRoles }: Asked): Asked =>
  contactRoles ? { contactRoles: contactRoles.map((each) => JSON.parse(JSON.stringify(each)) as typeof each) } : {};

/** Chances to sell, and the figures that follow from them. */
export const opportunities = defineRecord({
  decider: opportunity,
  contract: salesV1,
  plural: 'opportunities',
  refersTo: { ownerId: ['representative', USERS], productId: 'product' },
  leadsTo: { accountId: 'contacts.account', contactId: ALIASES },
  publishes,
  sort: [{ field: 'createdAt', descending: true }],
  indexes: [['stageId'], ['closedOn'], ['amount.minor'], ['name']],
  lookups: [['externalId'], ['ownerId', 'createdAt'], ['teamId'], ['shared'], ['accountId']],
  unlisted: ['stage', 'lostNotes', 'description'],
  derived: {
    fields: { cycleDays: 'number', [EXPECTED_REVENUE]: 'number', contactIds: 'texts', ...SHARED_FIELDS },
    of: (state) => ({
      cycleDays: cycleDays(state),
      [EXPECTED_REVENUE]: state.amount && percentOf(state.amount.minor, state.probability),
      contactIds: contactIds(state),
      ...sharedFields(state),
    }),
  },
  completed: (asked) => ({ ...asked, ...bare(asked) }),
  search: { title: ['name'], subtitle: ['status'], by: { name: 'words', externalId: 'key' } },
  cells: [boardCells, wonCells, forecastCells],
  internal: ['stageIdBeforeClosing'],
  filledIn: ['accountName', 'ownerName', 'productName', 'overdue', 'expectedRevenue', 'daysInStage', 'stale'],
});

export type OpportunityRecords = RecordsOf<typeof opportunities>;
export type OpportunityDocument = DocumentOf<typeof opportunities>;
