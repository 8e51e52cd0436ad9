import { describe, expect, it } from '@jest/globals';
import { fold, isRejection, type RecordedEvent, undo } from '@rapport/kernel';
import type { OpportunityCommands } from './opportunity.commands.js';
import { opportunity } from './opportunity.decide.js';
import type { OpportunityEvent } from './opportunity.events.js';
import {
  declined,
  engaged,
  engaging,
  hardwareSales,
  histories,
  opened,
  ordered,
  prospecting,
  takenUpAgain,
} from './opportunity.examples.js';

const circumstances = { at: '2017-04-01T12:00:00.000Z', id: 'o1' };

/** given a history, when a command comes, then … */
const given = (history: readonly OpportunityEvent[]) => ({
  when: <C extends keyof OpportunityCommands>(command: C, input: OpportunityCommands[C]) =>
    opportunity.decide[command](fold(opportunity, history), input, circumstances),
  state: fold(opportunity, history),
});

const pipeline = hardwareSales;

describe('creating', () => {
  it('takes the first stage and its probability, and opens on the day it happened', () => {
    expect(given([]).when('create', { name: 'Racks', pipeline })).toEqual([
      {
        type: 'OpportunityCreated',
        data: {
          name: 'Racks',
          pipelineId: pipeline.id,
          stage: 'Prospecting',
          stageId: prospecting.id,
          probability: 10,
          forecastCategory: 'pipeline',
          stageEnteredAt: circumstances.at,
          openedOn: '2017-04-01',
        },
      },
    ]);
  });

  it('takes the stage and probability that are given', () => {
    expect(given([]).when('create', { name: 'Racks', pipeline, stage: 'Engaging', probability: 33 })).toMatchObject([
      { data: { stage: 'Engaging', probability: 33 } },
    ]);
  });

  it.each([
    ['a blank name', { name: ' ', pipeline }, 'name-missing', '/name'],
    ['an unknown stage', { name: 'x', pipeline, stage: 'Won' }, 'unknown-stage', '/stage'],
    ['130 %', { name: 'x', pipeline, probability: 130 }, 'probability-out-of-range', '/probability'],
    [
      'half cents',
      { name: 'x', pipeline, amount: { minor: 0.5, currency: 'USD' } },
      'amount-out-of-range',
      '/amount/minor',
    ],
  ])('refuses %s', (_, input, code, field) => {
    expect(given([]).when('create', input)).toMatchObject({ rejected: 'invalid', code, field });
  });

  it('is refused a second time', () => {
    expect(given(histories.open).when('create', { name: 'x', pipeline })).toMatchObject({ rejected: 'already-exists' });
  });
});

describe('editing', () => {
  it('keeps what changed only', () => {
    expect(given(histories.open).when('edit', { set: { name: '200 workstations', probability: 20 } })).toEqual([
      { type: 'OpportunityEdited', data: { set: { probability: 20 } } },
    ]);
    expect(given(histories.open).when('edit', { set: { nextStep: null } })).toEqual([]);
  });

  it('corrects the amount of a won one', () => {
    const amount = { minor: 1, currency: 'USD' };
    expect(given(histories.won).when('edit', { set: { amount } })).toEqual([
      { type: 'OpportunityEdited', data: { set: { amount } } },
    ]);
  });

  it.each([
    ['the stage', { stage: 'Engaging' }, 'not-editable', '/stage'],
    ['an emptied name', { name: null }, 'name-missing', '/name'],
    ['an emptied probability', { probability: null }, 'probability-missing', '/probability'],
    ['a probability of -1', { probability: -1 }, 'probability-out-of-range', '/probability'],
  ])('refuses %s', (_, set, code, field) => {
    expect(given(histories.open).when('edit', { set: set as never })).toMatchObject({ code, field });
  });

  it('leaves the probability of closed ones alone', () => {
    expect(given(histories.won).when('edit', { set: { probability: 90 } })).toMatchObject({ code: 'already-won' });
  });

  it('does not let the opening come after the closing', () => {
    expect(given(histories.won).when('edit', { set: { openedOn: '2017-03-02' } })).toMatchObject({
      code: 'closed-before-opened',
    });
  });
});

describe('moving', () => {
  it('gives the new stage its probability, unless one is named', () => {
    const place = { pipelineId: pipeline.id, stage: 'Engaging', stageId: engaging.id };
    const moved = { ...place, probability: 50, forecastCategory: 'bestCase', stageEnteredAt: circumstances.at };
    expect(given([opened]).when('move', { stage: 'Engaging', pipeline })).toEqual([
      { type: 'OpportunityMoved', data: moved },
    ]);
    expect(given([opened]).when('move', { stage: 'Engaging', pipeline, probability: 70 })).toEqual([
      { type: 'OpportunityMoved', data: { ...moved, probability: 70 } },
    ]);
  });

  it('within its stage resets the probability and not the time of entering', () => {
    const overridden: OpportunityEvent = { type: 'OpportunityEdited', data: { set: { probability: 99 } } };
    expect(given([opened, overridden]).when('move', { stage: 'Prospecting', pipeline })).toMatchObject([
      { data: { probability: 10, stageEnteredAt: '2016-10-20T09:00:00.000Z' } },
    ]);
    expect(given([opened]).when('move', { stage: 'Prospecting', pipeline })).toEqual([]);
  });

  it('does not follow a stage whose default changes later', () => {
    const steeper = { ...pipeline, stages: [{ ...prospecting, probability: 30 }] };
    expect(given([opened]).state).toMatchObject({ probability: 10 });
    expect(given([opened]).when('move', { stage: 'Prospecting', pipeline: steeper })).toMatchObject([
      { data: { probability: 30 } },
    ]);
  });

  it('goes by the id, whatever the stage is called', () => {
    const renamed = { ...pipeline, stages: [prospecting, { ...engaging, name: 'In talks' }] };
    expect(given([opened]).when('move', { stageId: engaging.id, pipeline: renamed })).toMatchObject([
      { data: { stageId: engaging.id, stage: 'In talks' } },
    ]);
    expect(given([opened, engaged]).when('move', { stage: 'In talks', pipeline: renamed })).toEqual([]);
    expect(given([opened, engaged]).when('move', { stageId: 's9', pipeline })).toMatchObject({
      code: 'unknown-stage',
      field: '/stageId',
    });
  });

  it('needs a stage', () => {
    expect(given([opened]).when('move', { pipeline })).toMatchObject({ code: 'stage-missing', field: '/stage' });
  });

  it('to an unknown stage is refused with the stages there are', () => {
    const decision = given([opened]).when('move', { stage: 'Closing', pipeline });
    expect(decision).toMatchObject({ code: 'unknown-stage', field: '/stage' });
    expect((decision as { message: string }).message).toContain('"Prospecting", "Engaging"');
  });

  it('is for open ones', () => {
    expect(given(histories.won).when('move', { stage: 'Engaging', pipeline })).toMatchObject({ code: 'already-won' });
  });
});

describe('closing', () => {
  it('wins on the day it happened, or the day given, for the amount given', () => {
    expect(given(histories.inTalks).when('win', {})).toEqual([
      { type: 'OpportunityWon', data: { closedOn: '2017-04-01', stageEnteredAt: circumstances.at } },
    ]);
    const amount = { minor: 7, currency: 'USD' };
    expect(given(histories.inTalks).when('win', { closedOn: '2017-03-30', amount })).toMatchObject([
      { data: { closedOn: '2017-03-30', amount } },
    ]);
  });

  it('settles stage and probability', () => {
    expect(given(histories.won).state).toMatchObject({
      status: 'won',
      stage: 'Won',
      probability: 100,
      closedOn: '2017-03-01',
      amount: { minor: 99_900, currency: 'USD' },
    });
    expect(given(histories.lost).state).toMatchObject({
      status: 'lost',
      stage: 'Lost',
      probability: 0,
      lostReason: 'Price',
      lostNotes: 'Bought refurbished ones',
    });
  });

  it('loses with a reason only', () => {
    expect(given(histories.open).when('lose', { reason: ' ' })).toMatchObject({
      code: 'reason-missing',
      field: '/reason',
    });
    expect(given(histories.open).when('lose', { reason: 'Price', notes: '' })).toEqual([
      { type: 'OpportunityLost', data: { closedOn: '2017-04-01', stageEnteredAt: circumstances.at, reason: 'Price' } },
    ]);
  });

  it.each([
    ['before it was opened', '2016-10-19', 'closed-before-opened'],
    ['in the future', '2017-04-03', 'closed-in-future'],
  ])('is refused %s', (_, closedOn, code) => {
    expect(given(histories.open).when('win', { closedOn })).toMatchObject({ code, field: '/closedOn' });
    expect(given(histories.open).when('lose', { closedOn, reason: 'Price' })).toMatchObject({ code });
  });

  it('happens once', () => {
    expect(given(histories.lost).when('win', {})).toMatchObject({
      rejected: 'conflict',
      code: 'already-lost',
      message: 'This opportunity was lost on 2017-02-01. Reopen it first.',
    });
    expect(given(histories.won).when('lose', { reason: 'Price' })).toMatchObject({ code: 'already-won' });
  });
});

describe('reopening', () => {
  it('goes on where it stood, with that stage’s probability', () => {
    expect(given(histories.lost).when('reopen', { pipeline })).toEqual([
      {
        type: 'OpportunityReopened',
        data: {
          ...{ stage: 'Engaging', stageId: engaging.id, probability: 50, forecastCategory: 'bestCase' },
          stageEnteredAt: circumstances.at,
        },
      },
    ]);
    expect(given(histories.lost).when('reopen', { pipeline, stage: 'Prospecting' })).toMatchObject([
      { data: { stage: 'Prospecting', probability: 10 } },
    ]);
    const renamed = { ...pipeline, stages: [{ ...engaging, name: 'In talks' }] };
    expect(given(histories.lost).when('reopen', { pipeline: renamed })).toMatchObject([
      { data: { stage: 'In talks', stageId: engaging.id } },
    ]);
  });

  it('forgets the closing, but not what else was learnt', () => {
    const { state } = given([opened, engaged, declined, takenUpAgain]);
    expect(state).toEqual({
      ...given([opened, engaged]).state,
      stageEnteredAt: '2017-02-15T08:00:00.000Z',
    });
    expect(given(histories.wonAtTheSecondAttempt).state).toMatchObject({ status: 'won', closedOn: '2017-03-01' });
  });

  it('happens in its own pipeline', () => {
    const other = { ...pipeline, id: '01940000-0000-7000-8000-000000000002' };
    expect(given(histories.lost).when('reopen', { pipeline: other })).toMatchObject({ code: 'other-pipeline' });
  });

  it('is for closed ones', () => {
    expect(given(histories.open).when('reopen', { pipeline })).toMatchObject({ code: 'not-closed' });
  });
});

describe('archiving', () => {
  it('keeps everything else away until it is restored', () => {
    const away = given(histories.putAway);
    const refused = [
      away.when('edit', { set: { name: 'x' } }),
      away.when('move', { stage: 'Engaging', pipeline }),
      away.when('win', {}),
      away.when('lose', { reason: 'x' }),
      away.when('reopen', { pipeline }),
    ];
    for (const decision of refused) expect(decision).toMatchObject({ code: 'opportunity-archived' });
    expect(away.when('archive', {})).toEqual([]);
    expect(away.when('restore', {})).toEqual([{ type: 'OpportunityRestored', data: {} }]);
    expect(given(histories.open).when('archive', {})).toEqual([{ type: 'OpportunityArchived', data: {} }]);
    expect(given([...histories.putAway, { type: 'OpportunityRestored', data: {} }]).state).toEqual(
      given([opened]).state,
    );
  });

  it('needs something to put away', () => {
    expect(given([]).when('archive', {})).toMatchObject({ rejected: 'not-found' });
    expect(given([]).when('win', {})).toMatchObject({ rejected: 'not-found' });
  });
});

describe('undoing', () => {
  const recorded = (events: readonly OpportunityEvent[]): RecordedEvent[] =>
    events.map((event, revision) => ({ ...event, id: `e${revision}`, revision }) as RecordedEvent);

  const undone = (history: readonly OpportunityEvent[], eventId: string) => {
    const decision = undo(opportunity, recorded(history), { eventId, laterChanges: 'refuse' });
    if (isRejection(decision)) throw new Error(decision.message);
    return fold(opportunity, [...history, ...(decision as unknown as readonly OpportunityEvent[])]);
  };

  it.each([
    ['an order', [opened, engaged, ordered]],
    ['a loss', [opened, engaged, declined]],
    ['a reopening', [opened, engaged, declined, takenUpAgain]],
    ['a move', [opened, engaged]],
  ])('%s gives back exactly what was there', (_, history) => {
    expect(undone(history, `e${history.length - 1}`)).toEqual(fold(opportunity, history.slice(0, -1)));
  });

  it('the creation puts it away', () => {
    expect(undone([opened], 'e0')).toMatchObject({ archived: true });
  });
});
