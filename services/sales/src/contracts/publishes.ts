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
  OpportunityMoved: ({ data: { pipelineId, stageEnteredAt: _internal, ...place } }: OpportunityMoved) => {
    const data: salesV1.OpportunityMoved = { pipelineId, ...place };
    return { type: 'OpportunityMoved', data };
  },
  OpportunityWon: ({ data: { closedOn, amount } }: OpportunityWon) => {
    const data: salesV1.OpportunityWon = { closedOn, amount };
    return { type: 'OpportunityWon', data };
  },
  OpportunityLost: ({ data: { closedOn, reason, notes = '', lostTo } }: OpportunityLost) => {
    const data: salesV1.OpportunityLost = { closedOn, reason, notes, lostTo };
    return { type: 'OpportunityLost', data };
  },
  OpportunityReopened: ({ data: { stageEnteredAt: _internal, ...place } }: OpportunityReopened) => {
    const data: salesV1.OpportunityReopened = place;
    return { type: 'OpportunityReopened', data };
  },
  OpportunityCameDue: ({ data: { expectedCloseOn } }: OpportunityCameDue) => {
    const data: salesV1.OpportunityCameDue = { expectedCloseOn };
    return { type: 'OpportunityCameDue', data };
  },
} satisfies Partial<Published<OpportunityEvent>>;
