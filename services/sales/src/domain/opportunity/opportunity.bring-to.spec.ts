import { describe, expect, it } from '@jest/globals';
import { fold, isRejection, UTC } from '@rapport/kernel';
import fc from 'fast-check';
import { bringTo, type OpportunityStep, type OpportunityTarget, REASON_NOT_STATED } from './opportunity.bring-to.js';
import { opportunity } from './opportunity.decide.js';
import { engaging, hardwareSales, histories, prospecting } from './opportunity.examples.js';
import type { OpportunityState } from './opportunity.js';

const pipeline = hardwareSales;
const circumstances = { at: '2026-01-01T12:00:00.000Z', pipeline };
const amount = { minor: 105_400, currency: 'USD' };

/** The state after the steps; throws when one of them is refused. */
const after = (state: OpportunityState, steps: readonly OpportunityStep[]): OpportunityState => {
  for (const { command, input, day } of steps) {
    const at = day === undefined ? circumstances.at : UTC.startOf(day);
    const decision = opportunity.decide[command](state, input as never, { at, id: 'o1' });
    if (isRejection(decision)) throw new Error(`${command}: ${decision.message}`);
    for (const event of decision) state = opportunity.evolve(state, event);
  }
  return state;
};

const outline = (steps: readonly OpportunityStep[]) =>
  steps.map(({ command, day = UTC.dayOf(circumstances.at) }) => `${command} ${day}`);

const won: OpportunityTarget = {
  fields: { name: 'Racks', amount },
  stage: 'Won',
  openedOn: '2016-10-20',
  closedOn: '2017-03-01',
};

describe('bringing a new opportunity to what a row says', () => {
  it('opens it and wins it on their days, and learns its amount with the order', () => {
    const steps = bringTo(null, won, circumstances);
    expect(outline(steps)).toEqual(['create 2016-10-20', 'win 2017-03-01']);
    expect(after(null, steps.slice(0, 1))).toEqual({
      name: 'Racks',
      pipelineId: pipeline.id,
      stage: 'Engaging',
      stageId: engaging.id,
      probability: 50,
      forecastCategory: 'bestCase',
      status: 'open',
      openedOn: '2016-10-20',
      stageEnteredAt: '2016-10-20T00:00:00.000Z',
      archived: false,
    });
    expect(after(null, steps)).toMatchObject({ status: 'won', closedOn: '2017-03-01', amount });
  });

  it('loses it with the reason given, or none stated', () => {
    const steps = bringTo(null, { ...won, stage: 'Lost' }, circumstances);
    expect(outline(steps)).toEqual(['create 2016-10-20', 'edit 2017-03-01', 'lose 2017-03-01']);
    expect(after(null, steps)).toMatchObject({ status: 'lost', lostReason: REASON_NOT_STATED, amount });
    const reasoned = bringTo(null, { ...won, stage: 'Lost', lostReason: 'Price', lostNotes: 'n' }, circumstances);
    expect(after(null, reasoned)).toMatchObject({ lostReason: 'Price', lostNotes: 'n' });
  });

  it('is called by its key elsewhere when it has no name, and refused when it has neither', () => {
    const steps = bringTo(null, { fields: { externalId: '1C1I7A6R' } }, circumstances);
    expect(after(null, steps)).toMatchObject({ name: '1C1I7A6R', externalId: '1C1I7A6R' });
    expect(() => after(null, bringTo(null, { fields: { amount } }, circumstances))).toThrow('needs a name');
  });

  it('is created now when it has no day, in the stage that is named', () => {
    const steps = bringTo(null, { fields: { name: 'Racks', amount, nextStep: null } }, circumstances);
    expect(steps).toEqual([{ command: 'create', input: { name: 'Racks', amount, pipeline } }]);
    const engaging = bringTo(null, { fields: { name: 'Racks' }, stage: 'Engaging', probability: 5 }, circumstances);
    expect(after(null, engaging)).toMatchObject({ stage: 'Engaging', probability: 5 });
  });

  it('takes the closing day of an open one as expected, and opens a closed one no later than it closed', () => {
    const open = bringTo(null, { fields: { name: 'Racks' }, closedOn: '2017-03-01' }, circumstances);
    expect(after(null, open)).toMatchObject({ status: 'open', expectedCloseOn: '2017-03-01' });
    const closed = bringTo(null, { fields: { name: 'Racks' }, stage: 'Won', closedOn: '2017-03-01' }, circumstances);
    expect(after(null, closed)).toMatchObject({ openedOn: '2017-03-01', closedOn: '2017-03-01' });
  });
});

describe('bringing a known opportunity to what a row says', () => {
  const inTalks = fold(opportunity, histories.inTalks);
  const lost = fold(opportunity, histories.lost);

  it.each<[string, OpportunityState, OpportunityTarget, readonly string[]]>([
    ['moves it', inTalks, { fields: {}, stage: 'Prospecting' }, ['move 2026-01-01']],
    ['edits it', inTalks, { fields: { nextStep: 'Call', name: '200 workstations' } }, ['edit 2026-01-01']],
    ['overrides its probability', inTalks, { fields: {}, probability: 12 }, ['edit 2026-01-01']],
    ['wins it on its day', inTalks, { fields: { amount }, stage: 'Won', closedOn: '2017-03-01' }, ['win 2017-03-01']],
    ['wins, then edits', inTalks, { ...won, openedOn: undefined }, ['win 2017-03-01', 'edit 2026-01-01']],
    ['reopens it', lost, { fields: {}, stage: 'Prospecting' }, ['reopen 2026-01-01']],
    ['wins what was lost', lost, { fields: {}, stage: 'Won' }, ['reopen 2026-01-01', 'win 2026-01-01']],
    [
      'corrects the day of closing',
      lost,
      { fields: {}, stage: 'Lost', closedOn: '2017-02-03', lostReason: 'Price' },
      ['reopen 2026-01-01', 'lose 2017-02-03'],
    ],
    [
      'corrects the day of opening first',
      inTalks,
      { fields: {}, stage: 'Won', openedOn: '2016-01-01', closedOn: '2016-02-01' },
      ['edit 2026-01-01', 'win 2016-02-01'],
    ],
    [
      'restores it',
      fold(opportunity, histories.putAway),
      { fields: { nextStep: 'Call' } },
      ['restore 2026-01-01', 'edit 2026-01-01'],
    ],
    ['leaves the probability of closed ones', lost, { fields: {}, probability: 50 }, []],
  ])('%s', (_, state, target, expected) => {
    const steps = bringTo(state, target, circumstances);
    expect(outline(steps)).toEqual(expected);
    const brought = after(state, steps);
    expect(bringTo(brought, target, circumstances)).toEqual([]);
  });

  it('leaves it where it is when the row names no stage, or the one that its stage has become', () => {
    const renamed = { ...pipeline, stages: [prospecting, { ...engaging, name: 'In talks' }] };
    expect(bringTo(inTalks, { fields: {}, stage: 'In talks' }, { ...circumstances, pipeline: renamed })).toEqual([]);
    const without = { ...pipeline, stages: [prospecting] };
    expect(bringTo(inTalks, { fields: {} }, { ...circumstances, pipeline: without })).toEqual([]);
  });

  it('moves it into the pipeline that is asked for', () => {
    const other = { ...pipeline, id: '01940000-0000-7000-8000-000000000002' };
    const steps = bringTo(inTalks, { fields: {} }, { ...circumstances, pipeline: other });
    expect(after(inTalks, steps)).toMatchObject({ pipelineId: other.id, stage: 'Engaging' });
  });
});

describe('whatever rows say, one after the other', () => {
  const day = fc
    .integer({ min: 0, max: 300 })
    .map((n) => new Date(Date.UTC(2017, 0, 1 + n)).toISOString().slice(0, 10));
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
  const row: fc.Arbitrary<OpportunityTarget> = fc
    .record({
      fields: fc.record({
        name: fc.constantFrom('Racks', 'Cables'),
        amount: maybe(fc.option(fc.record({ minor: fc.nat(1e6), currency: fc.constantFrom('USD', 'EUR') }))),
        nextStep: maybe(fc.option(fc.constantFrom('Call', 'Write'))),
      }),
      stage: maybe(fc.constantFrom('Prospecting', 'Engaging', 'Won', 'Lost')),
      probability: maybe(fc.integer({ min: 0, max: 100 })),
      days: fc.tuple(day, day).map((days) => days.sort()),
      lostReason: maybe(fc.constantFrom('Price', 'Time')),
    })
    .map(({ days: [openedOn, closedOn], ...rest }) => ({ ...rest, openedOn, closedOn }));

  it('the last one holds, its steps are all accepted, and the same row again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), (rows) => {
        let state: OpportunityState = null;
        for (const target of rows) {
          state = after(state, bringTo(state, target, circumstances));
          expect(bringTo(state, target, circumstances)).toEqual([]);
          expect(state).toMatchObject({ name: target.fields.name, openedOn: target.openedOn });
          if (target.stage) expect(state).toMatchObject({ stage: target.stage });
        }
      }),
    );
  });
});
