import type { salesV1 } from '@rapport/contracts';
import { type Published, publishRecord } from '@rapport/service-kit';
import type {
  OpportunityCameDue,
  OpportunityEvent,
  OpportunityLost,
  OpportunityMoved,
  OpportunityReopened,
  OpportunityWon,
} from '../domain/opportunity/opportunity.events.js';

const records = publishRecord<'Opportunity', OpportunityEvent>('Opportunity', 'opportunity');

/** What opportunities publish in their own way. */
export const publishes = {
  OpportunityCreated: (event) => {
    const { type, data } = records.OpportunityCreated(event);
    const { opportunity } = data as { opportunity: object };
    return { type, data: { opportunity: { ...opportunity, status: 'open' } } };
  },
  OpportunityChangeUndone: (event) => {
    const { stageIdBeforeClosing: _internal, ...set } = event.data.set;
    return records.OpportunityChangeUndone({ ...event, data: { ...event.data, set } });
  },
  OpportunityMoved: ({ data: { pipelineId, stage, stageId, probability } }: OpportunityMoved) => {
    const data: salesV1.OpportunityMoved = { pipelineId, stage, stageId, probability };
    return { type: 'OpportunityMoved', data };
  },
  OpportunityWon: ({ data: { closedOn, amount } }: OpportunityWon) => {
    const data: salesV1.OpportunityWon = { closedOn, amount };
    return { type: 'OpportunityWon', data };
  },
  OpportunityLost: ({ data: { closedOn, reason, notes = '' } }: OpportunityLost) => {
    const data: salesV1.OpportunityLost = { closedOn, reason, notes };
    return { type: 'OpportunityLost', data };
  },
  OpportunityReopened: ({ data: { stage, stageId, probability } }: OpportunityReopened) => {
    const data: salesV1.OpportunityReopened = { stage, stageId, probability };
    return { type: 'OpportunityReopened', data };
  },
  OpportunityCameDue: ({ data: { expectedCloseOn } }: OpportunityCameDue) => {
    const data: salesV1.OpportunityCameDue = { expectedCloseOn };
    return { type: 'OpportunityCameDue', data };
  },
} satisfies Partial<Published<OpportunityEvent>>;
