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
import type { PipelineEvent } from '../domain/pipeline/pipeline.events.js';
import type { ProductEvent } from '../domain/product/product.events.js';
import type { RepresentativeEvent } from '../domain/representative/representative.events.js';

type SalesEvent = OpportunityEvent | PipelineEvent | ProductEvent | RepresentativeEvent;

const records = publishRecord<'Opportunity', OpportunityEvent>('Opportunity', 'opportunity');

/** Domain event → integration event. Total: an event without an entry does not compile. */
export const publishes = {
  ...records,
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
  ...publishRecord<'Pipeline', PipelineEvent>('Pipeline', 'pipeline'),
  ...publishRecord<'Product', ProductEvent>('Product', 'product'),
  ...publishRecord<'Representative', RepresentativeEvent>('Representative', 'representative'),
} satisfies Published<SalesEvent>;
