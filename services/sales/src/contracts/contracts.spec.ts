import { describe, expect, it } from '@jest/globals';
import { publishes } from './publishes.js';

describe('what sales publishes', () => {
  it('has an opportunity’s fields, and none that are its own affair', () => {
    const undone = { eventId: 'e', type: 'OpportunityWon', revision: 1 };
    const set = { status: 'open', closedOn: null, stageIdBeforeClosing: null, archived: true } as const;
    expect(publishes.OpportunityChangeUndone({ type: 'OpportunityChangeUndone', data: { undone, set } })).toEqual({
      type: 'OpportunityChangeUndone',
      data: {
        undoneEventId: 'e',
        undoneType: 'OpportunityWon',
        set: { status: 'open' },
        cleared: ['closedOn'],
        archived: true,
      },
    });
  });

  it('says of a new opportunity that it is open, and of a lost one why', () => {
    const stage = { stage: 'Engaging', stageId: 's' };
    const days = { stageEnteredAt: 't', openedOn: '2017-01-01' };
    const place = { pipelineId: 'p', ...stage, probability: 50, forecastCategory: 'commit', ...days } as const;
    expect(publishes.OpportunityCreated({ type: 'OpportunityCreated', data: { name: 'x', ...place } }).data).toEqual({
      opportunity: { name: 'x', ...place, status: 'open' },
    });
    const data = { closedOn: '2017-03-01', stageEnteredAt: 't', reason: 'Price' };
    expect(publishes.OpportunityLost({ type: 'OpportunityLost', data }).data).toEqual({
      closedOn: '2017-03-01',
      reason: 'Price',
      notes: '',
    });
  });
});
