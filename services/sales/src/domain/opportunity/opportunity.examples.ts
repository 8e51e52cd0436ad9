import type { PipelineStages } from '../pipeline/pipeline.js';
import type { Stage } from '../pipeline/pipeline.events.js';
import type { OpportunityEvent } from './opportunity.events.js';

export const prospecting: Stage = { id: '01940000-0000-7000-8000-000000000011', name: 'Prospecting', probability: 10 };
export const engaging: Stage = {
  id: '01940000-0000-7000-8000-000000000012',
  name: 'Engaging',
  probability: 50,
  forecastCategory: 'bestCase',
  staleAfterDays: 30,
};

/** The pipeline of every example. */
export const hardwareSales: PipelineStages = {
  id: '01940000-0000-7000-8000-000000000001',
  name: 'Hardware sales',
  stages: [prospecting, engaging],
};

export const opened: OpportunityEvent = {
  type: 'OpportunityCreated',
  data: {
    name: '200 workstations',
    amount: { minor: 105_400, currency: 'USD' },
    pipelineId: hardwareSales.id,
    stage: 'Prospecting',
    stageId: prospecting.id,
    probability: 10,
    forecastCategory: 'pipeline',
    stageEnteredAt: '2016-10-20T09:00:00.000Z',
    openedOn: '2016-10-20',
  },
};

export const engaged: OpportunityEvent = {
  type: 'OpportunityMoved',
  data: {
    pipelineId: hardwareSales.id,
    stage: 'Engaging',
    stageId: engaging.id,
    probability: 50,
    forecastCategory: 'bestCase',
    stageEnteredAt: '2016-11-01T09:00:00.000Z',
  },
};

export const ordered: OpportunityEvent = {
  type: 'OpportunityWon',
  data: {
    closedOn: '2017-03-01',
    stageEnteredAt: '2017-03-01T16:30:00.000Z',
    amount: { minor: 99_900, currency: 'USD' },
  },
};

export const declined: OpportunityEvent = {
  type: 'OpportunityLost',
  data: {
    closedOn: '2017-02-01',
    stageEnteredAt: '2017-02-01T10:00:00.000Z',
    reason: 'Price',
    notes: 'Bought refurbished ones',
  },
};

export const takenUpAgain: OpportunityEvent = {
  type: 'OpportunityReopened',
  data: {
    stage: 'Engaging',
    stageId: engaging.id,
    probability: 50,
    forecastCategory: 'bestCase',
    stageEnteredAt: '2017-02-15T08:00:00.000Z',
  },
};

export const expected: OpportunityEvent = {
  type: 'OpportunityEdited',
  data: { set: { expectedCloseOn: '2017-03-31' } },
};

/** Named histories, for tests and docs. */
export const histories = {
  open: [opened],
  inTalks: [opened, engaged],
  inTalksUntilMarch: [opened, engaged, expected],
  won: [opened, engaged, ordered],
  lost: [opened, engaged, declined],
  wonAtTheSecondAttempt: [opened, engaged, declined, takenUpAgain, ordered],
  putAway: [opened, { type: 'OpportunityArchived', data: {} }],
} as const satisfies Record<string, readonly OpportunityEvent[]>;
