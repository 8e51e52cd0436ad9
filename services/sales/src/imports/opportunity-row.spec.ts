import { describe, expect, it } from '@jest/globals';
import { isRejection, type RecordedEvent, timeZone } from '@rapport/kernel';
import { opportunity } from '../domain/opportunity/opportunity.decide.js';
import { engaging, hardwareSales, opened, ordered, prospecting } from '../domain/opportunity/opportunity.examples.js';
import type { OpportunityEvent } from '../domain/opportunity/opportunity.events.js';
import type { OpportunityState } from '../domain/opportunity/opportunity.js';
import { type OpportunityRow, type PipelineChoice, planOpportunity, stageNamed } from './opportunity-row.js';

const choice: PipelineChoice = { first: hardwareSales, byId: new Map([[hardwareSales.id, hardwareSales]]) };
const now = '2026-01-01T12:00:00.000Z';

/** Takes a row's steps as the write path does, and tells what happened when. */
const imported = (
  state: OpportunityState,
  row: OpportunityRow,
  history: readonly RecordedEvent[] = [],
): { state: OpportunityState; facts: string[]; kept: string[] } => {
  const facts: string[] = [];
  const kept = new Set<string>();
  for (const { decide, occurredAt: at = now } of planOpportunity(row, choice)) {
    const decision = decide(state, { at, id: 'o1' }, history, (field) => kept.add(field));
    if (isRejection(decision)) throw new Error(decision.message);
    for (const event of decision) {
      facts.push(`${event.type} ${at.slice(0, 10)}`);
      state = opportunity.evolve(state, event);
    }
  }
  return { state, facts, kept: [...kept] };
};

const row: OpportunityRow = {
  externalId: '1C1I7A6R',
  stage: 'closed won',
  openedOn: '2016-10-20',
  closedOn: '2017-03-01',
  amount: { minor: 105_400, currency: 'USD' },
  owner: 'o',
};

describe('a row about an opportunity', () => {
  it('happened when its days began where the customer is, and takes the day that has begun there', () => {
    const zone = timeZone('Pacific/Auckland');
    const closedOn = '2026-01-02';
    const steps = planOpportunity({ ...row, closedOn }, { ...choice, zone });
    expect(steps.map(({ occurredAt }) => occurredAt)).toEqual([
      '2016-10-19T11:00:00.000Z',
      '2026-01-01T11:00:00.000Z',
      undefined,
    ]);
    const keep = (): void => undefined;
    let state: OpportunityState = null;
    for (const { decide, occurredAt: at = now } of steps) {
      const decision = decide(state, { at, id: 'o1', zone }, [], keep);
      if (isRejection(decision)) throw new Error(decision.message);
      state = decision.reduce(opportunity.evolve, state);
    }
    expect(state).toMatchObject({ status: 'won', openedOn: '2016-10-20', closedOn });
  });

  it('becomes what happened, when it happened, and nothing the second time', () => {
    const { state, facts } = imported(null, row);
    expect(facts).toEqual(['OpportunityCreated 2016-10-20', 'OpportunityWon 2017-03-01']);
    expect(state).toMatchObject({ name: '1C1I7A6R', status: 'won', ownerId: 'o', amount: { minor: 105_400 } });
    expect(imported(state, row).facts).toEqual([]);
    expect(imported(null, { ...row, stage: 'Lost' }).facts).toEqual([
      'OpportunityCreated 2016-10-20',
      'OpportunityEdited 2017-03-01',
      'OpportunityLost 2017-03-01',
    ]);
  });

  it('without dates happens now', () => {
    expect(imported(null, { name: 'Racks', stage: 'prospecting' }).facts).toEqual(['OpportunityCreated 2026-01-01']);
  });

  it('closes a known one on its day and changes the rest now', () => {
    const { state } = imported(null, { ...row, stage: 'ENGAGING', closedOn: undefined });
    expect(imported(state, { ...row, nextStep: 'Thank' }).facts).toEqual([
      'OpportunityWon 2017-03-01',
      'OpportunityEdited 2026-01-01',
    ]);
  });

  it('corrects a closing now, because the old one was believed until now', () => {
    const { state } = imported(null, row);
    expect(imported(state, { ...row, closedOn: '2017-03-02' }).facts).toEqual([
      'OpportunityReopened 2026-01-01',
      'OpportunityWon 2026-01-01',
    ]);
  });

  it.each(['2027-03-01', '2025-11-01'])(
    'about an open deal tells by its day of closing when that is expected: %s',
    (day) => {
      const { state, facts } = imported(null, { name: 'A', stage: 'Engaging', closedOn: day });
      expect(facts).toEqual(['OpportunityCreated 2026-01-01']);
      expect(state).toMatchObject({ status: 'open', expectedCloseOn: day });
      expect(state).not.toHaveProperty('closedOn');
      expect(imported(state, { name: 'A', closedOn: '2028-01-01' }).state).toMatchObject({
        expectedCloseOn: '2028-01-01',
      });
    },
  );

  it('empties what it says is empty, but not what a deal cannot be without', () => {
    const { state } = imported(null, { ...row, stage: 'Engaging', nextStep: 'Call', account: 'a' });
    const empty = { name: null, stage: null, openedOn: null, closedOn: null, probability: null, lostReason: null };
    const emptied = imported(state, { ...empty, externalId: '1C1I7A6R', nextStep: null, account: null, amount: null });
    expect(emptied.facts).toEqual(['OpportunityEdited 2026-01-01']);
    const { nextStep: _, accountId: __, amount: ___, ...others } = state as never as Record<string, unknown>;
    expect(emptied.state).toEqual(others);
  });

  it('is refused where its stage or its dates cannot be', () => {
    expect(() => imported(null, { ...row, stage: 'Dreaming' })).toThrow('"Prospecting", "Engaging"');
    expect(() => imported(null, { ...row, closedOn: '2016-01-01' })).toThrow('opened on 2016-10-20');
  });
});

describe('a row about a deal on which somebody has worked since', () => {
  /** What an import began and somebody went on with. */
  const since = (...events: readonly OpportunityEvent[]) => {
    const all = [opened, ...events];
    const history = all.map(({ type, data }, revision) => ({
      type,
      data,
      revision,
      metadata: { actor: { kind: revision === 0 ? 'import' : 'user', id: 'x' } },
    })) as unknown as RecordedEvent[];
    return { state: all.reduce(opportunity.evolve, opportunity.initialState), history };
  };

  it('does not open it again, nor close it in another way', () => {
    const { state, history } = since(ordered);
    const open = imported(state, { stage: 'Engaging', closedOn: '2027-01-01', nextStep: 'Thank' }, history);
    expect(open.facts).toEqual(['OpportunityEdited 2026-01-01']);
    expect(open.state).toMatchObject({ status: 'won', closedOn: '2017-03-01', nextStep: 'Thank' });
    expect(open.kept).toEqual(['stage', 'closedOn']);
    expect(imported(state, { stage: 'Lost', closedOn: '2017-03-01', lostReason: 'Price' }, history)).toMatchObject({
      facts: [],
      kept: ['stage', 'lostReason'],
    });
    expect(imported(state, { stage: 'Won', closedOn: '2017-03-01' }, history)).toMatchObject({ facts: [], kept: [] });
  });

  it('does not call it otherwise', () => {
    const renamed = { type: 'OpportunityEdited', data: { set: { name: '250 workstations' } } } as const;
    const { state, history } = since(renamed);
    expect(imported(state, { name: '200 workstations', nextStep: 'Call' }, history)).toMatchObject({
      state: { name: '250 workstations', nextStep: 'Call' },
      kept: ['name'],
    });
  });

  it('does not bring it back', () => {
    const { state, history } = since({ type: 'OpportunityArchived', data: {} });
    expect(() => imported(state, { name: '200 workstations' }, history)).toThrow('archived');
  });
});

describe('stage names of other systems', () => {
  it.each([
    ['engaging', 'Engaging'],
    ['Closed Won', 'Won'],
    ['CLOSED_LOST', 'Lost'],
    ['Dreaming', 'Dreaming'],
  ])('%s is %s', (written, stage) => expect(stageNamed(written, hardwareSales)).toBe(stage));

  it('are those of a stage itself before they are those of one like it', () => {
    const twins = { ...hardwareSales, stages: [engaging, { ...prospecting, name: 'ENGAGING' }] };
    expect(['ENGAGING', 'engaging'].map((written) => stageNamed(written, twins))).toEqual(['ENGAGING', 'Engaging']);
  });
});
