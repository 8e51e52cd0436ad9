import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import type { OpportunityCommands } from './opportunity.commands.js';
import { opportunity } from './opportunity.decide.js';
import type { OpportunityEvent } from './opportunity.events.js';
import { hardwareSales as pipeline, histories, opened, takenUpAgain } from './opportunity.examples.js';

const circumstances = { at: '2017-04-01T12:00:00.000Z', id: 'o1' };

const given = (history: readonly OpportunityEvent[]) => ({
  when: <C extends keyof OpportunityCommands>(command: C, input: OpportunityCommands[C]) =>
    opportunity.decide[command](fold(opportunity, history), input, circumstances),
  state: fold(opportunity, history),
});

describe('what a forecast counts it as', () => {
  it('is that of its stage, unless somebody says otherwise, until it moves', () => {
    const overridden = given([opened]).when('edit', { set: { forecastCategory: 'commit' } });
    expect(overridden).toEqual([{ type: 'OpportunityEdited', data: { set: { forecastCategory: 'commit' } } }]);
    const history = [opened, ...(overridden as OpportunityEvent[])];
    expect(given(history).when('move', { stage: 'Prospecting', pipeline })).toMatchObject([
      { type: 'OpportunityMoved', data: { forecastCategory: 'pipeline', stageEnteredAt: '2016-10-20T09:00:00.000Z' } },
    ]);
    expect(given(history).when('move', { stage: 'Engaging', pipeline })).toMatchObject([
      { data: { forecastCategory: 'bestCase' } },
    ]);
    expect(given([]).when('create', { name: 'Racks', pipeline, forecastCategory: 'omitted' })).toMatchObject([
      { data: { forecastCategory: 'omitted' } },
    ]);
  });

  it('is settled by its end', () => {
    expect(given(histories.won).state).toMatchObject({ forecastCategory: 'closed' });
    expect(given(histories.lost).state).toMatchObject({ forecastCategory: 'omitted' });
    expect(given(histories.won).when('edit', { set: { forecastCategory: 'commit' } })).toMatchObject({
      ...{ code: 'already-won', field: '/forecastCategory' },
    });
    expect(given(histories.open).when('edit', { set: { forecastCategory: 'closed' } })).toMatchObject({
      ...{ code: 'wrong-forecast-category', field: '/forecastCategory' },
    });
  });
});

describe('why it was lost', () => {
  const strict = { ...pipeline, lostReasons: ['Price', 'No budget'] };

  it('is one of the pipeline’s reasons, as the pipeline writes it, and says to whom', () => {
    const lost = given(histories.open).when('lose', { reason: ' no  Budget', lostTo: 'Acme', pipeline: strict });
    expect(lost).toMatchObject([{ type: 'OpportunityLost', data: { reason: 'No budget', lostTo: 'Acme' } }]);
    const history = [...histories.open, ...(lost as OpportunityEvent[])];
    expect(given(history).state).toMatchObject({ lostReason: 'No budget', lostTo: 'Acme' });
    expect(given([...history, takenUpAgain]).state).not.toHaveProperty('lostTo');
  });

  it('is refused with the reasons there are, and free where there are none', () => {
    expect(given(histories.open).when('lose', { reason: 'Weather', pipeline: strict })).toMatchObject({
      ...{ code: 'unknown-reason', field: '/reason' },
      message: 'Pipeline "Hardware sales" is lost for one of "Price", "No budget".',
    });
    expect(given(histories.open).when('lose', { reason: 'Weather', pipeline })).toMatchObject([
      { data: { reason: 'Weather' } },
    ]);
  });
});

describe('a stage that requires something', () => {
  const [first, second] = pipeline.stages;
  const strict = {
    ...pipeline,
    stages: [first!, { ...second!, requires: { fields: ['amount', 'expectedCloseOn', 'nextStep'] } }],
  };
  const gate = { unseen: ['nextStep'] };

  it('takes what says it, as far as whoever moves it sees', () => {
    expect(given([opened]).when('move', { stage: 'Engaging', pipeline: strict, gate })).toMatchObject({
      ...{ code: 'stage-requires', field: '/expectedCloseOn' },
      message: 'An opportunity in "Engaging" says expectedCloseOn, and this one does not. Say it first.',
    });
    expect(
      given(histories.inTalksUntilMarch).when('move', { stage: 'Prospecting', pipeline: strict, gate }),
    ).toMatchObject([{ type: 'OpportunityMoved' }]);
    const create = { name: 'Racks', pipeline: strict, gate, stage: 'Engaging', expectedCloseOn: '2017-05-01' };
    expect(given([]).when('create', create)).toMatchObject({ code: 'stage-requires', field: '/amount' });
    const amount = { minor: 1, currency: 'USD' };
    expect(given([]).when('create', { ...create, amount })).toMatchObject([{ type: 'OpportunityCreated' }]);
  });

  it('judges who comes, not who stands there, nor what another system brings', () => {
    const history: OpportunityEvent[] = [
      ...histories.inTalks,
      { type: 'OpportunityEdited', data: { set: { probability: 9 } } },
    ];
    expect(given(history).when('move', { stage: 'Engaging', pipeline: strict, gate })).toMatchObject([
      { data: { probability: 50 } },
    ]);
    expect(given(histories.lost).when('reopen', { pipeline: strict, gate })).toMatchObject([
      { type: 'OpportunityReopened' },
    ]);
    const other = fold(opportunity, [opened, ...histories.lost.slice(2)]);
    const asked = { pipeline: strict, gate, stage: 'Engaging' };
    expect(opportunity.decide.reopen(other, asked, circumstances)).toMatchObject({ code: 'stage-requires' });
    expect(given([opened]).when('move', { stage: 'Engaging', pipeline: strict })).toMatchObject([
      { data: { stage: 'Engaging' } },
    ]);
  });
});

describe('contacts and their roles', () => {
  const role = { contactId: 'c1', role: 'champion' };

  it.each([
    ['the same contact twice', [role, { ...role, role: 'user' }], 'contact-repeated', '/contactRoles/1/contactId'],
    [
      'an end before the beginning',
      [{ ...role, from: '2017-02-01', to: '2017-01-31' }],
      'ends-before-it-begins',
      '/contactRoles/0/to',
    ],
  ])('are refused: %s', (_, contactRoles, code, field) => {
    expect(given(histories.open).when('edit', { set: { contactRoles } })).toMatchObject({ code, field });
  });
});
