import { patched } from '@rapport/kernel';
import { LOST_STAGE, LOST_STAGE_ID, WON_STAGE, WON_STAGE_ID } from '../pipeline/stage-id.js';
import type { OpportunityEvent } from './opportunity.events.js';
import type { Opportunity } from './opportunity.fields.js';

/** null before its creation. */
export type OpportunityState = Opportunity | null;

/** Won or lost: whose it was then is what reports of it say, and stays. */
export const isClosed = (state: object): boolean => (state as Partial<Opportunity>).status !== 'open';

export const initialState: OpportunityState = null;

export const evolve = (state: OpportunityState, event: OpportunityEvent): OpportunityState => {
  if (event.type === 'OpportunityCreated') return { ...event.data, status: 'open', archived: false };
  return state && changed(state, event);
};

const changed = (state: Opportunity, event: Exclude<OpportunityEvent, { type: 'OpportunityCreated' }>): Opportunity => {
  switch (event.type) {
    case 'OpportunityEdited':
      return patched<Opportunity>(state, event.data.set);
    case 'OpportunityMoved':
      return { ...state, ...event.data };
    case 'OpportunityWon':
      return { ...state, ...event.data, ...WON, stageIdBeforeClosing: state.stageId };
    case 'OpportunityLost': {
      const { reason, notes, ...closed } = event.data;
      const why = notes === undefined ? { lostReason: reason } : { lostReason: reason, lostNotes: notes };
      return { ...state, ...closed, ...LOST, ...why, stageIdBeforeClosing: state.stageId };
    }
    case 'OpportunityReopened':
      return { ...patched(state, NOT_CLOSED), ...event.data, status: 'open' };
    case 'OpportunityArchived':
      return { ...state, archived: true };
    case 'OpportunityRestored':
      return { ...state, archived: false };
    case 'OpportunityChangeUndone':
      return patched(state, event.data.set);
    default:
      return state;
  }
};

const WON = {
  status: 'won',
  stage: WON_STAGE,
  stageId: WON_STAGE_ID,
  probability: 100,
  forecastCategory: 'closed',
} as const;
const LOST = {
  status: 'lost',
  stage: LOST_STAGE,
  stageId: LOST_STAGE_ID,
  probability: 0,
  forecastCategory: 'omitted',
} as const;
const NOT_CLOSED = { closedOn: null, lostReason: null, lostNotes: null, lostTo: null, stageIdBeforeClosing: null };
