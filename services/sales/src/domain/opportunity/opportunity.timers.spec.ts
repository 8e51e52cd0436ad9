import { describe, expect, it } from '@jest/globals';
import { fold, UTC } from '@rapport/kernel';
import { opportunity } from './opportunity.decide.js';
import type { OpportunityEvent } from './opportunity.events.js';
import { declined, engaged, expected, histories, opened, ordered, takenUpAgain } from './opportunity.examples.js';
import { expectedClose, isOverdue } from './opportunity.timers.js';

const dueAt = '2017-04-01T00:00:00.000Z';
const circumstances = { at: dueAt, id: 'o1' };
const archived: OpportunityEvent = { type: 'OpportunityArchived', data: {} };
const restored: OpportunityEvent = { type: 'OpportunityRestored', data: {} };
const undone = { eventId: 'e', type: 'OpportunityEdited', revision: 2 };

/** Decided on what has happened since, knowing what had happened then. */
const decided = (then: readonly OpportunityEvent[], since: readonly OpportunityEvent[] = []) => {
  const state = fold(opportunity, [...then, ...since]);
  return expectedClose.decide(state, { dueAt, then: fold(opportunity, then) }, circumstances);
};

describe('the expected day of closing', () => {
  it.each<[string, OpportunityEvent, string | null | undefined]>([
    [
      'a new opportunity',
      { ...opened, data: { ...opened.data, expectedCloseOn: '2017-03-31' } } as OpportunityEvent,
      dueAt,
    ],
    ['a new one that has none', opened, undefined],
    ['an edit', expected, dueAt],
    ['an edit of something else', { type: 'OpportunityEdited', data: { set: { nextStep: 'Call' } } }, undefined],
    ['an edit that empties it', { type: 'OpportunityEdited', data: { set: { expectedCloseOn: null } } }, null],
    ['an undo', { type: 'OpportunityChangeUndone', data: { undone, set: { expectedCloseOn: '2017-03-31' } } }, dueAt],
    ['an order', ordered, undefined],
    ['the last day of all', { type: 'OpportunityEdited', data: { set: { expectedCloseOn: '9999-12-31' } } }, null],
    ['no day at all', { type: 'OpportunityEdited', data: { set: { expectedCloseOn: 'soon' } } }, null],
  ])('is over at the end of it: %s', (_, event, instant) => {
    expect(expectedClose.dueAt(event, UTC)).toBe(instant);
  });

  it('passes while it is open', () => {
    expect(decided(histories.inTalksUntilMarch)).toEqual([
      { type: 'OpportunityCameDue', data: { expectedCloseOn: '2017-03-31' } },
    ]);
  });

  it.each<[string, readonly OpportunityEvent[], readonly OpportunityEvent[], string]>([
    ['was won', [opened, expected, ordered], [], 'already-won'],
    ['was won since', [opened, expected], [ordered], 'already-won'],
    ['was lost', [opened, engaged, expected, declined], [], 'already-lost'],
    ['was lost then, and taken up again since', [opened, engaged, expected, declined], [takenUpAgain], 'not-open-then'],
    ['is archived', [opened, expected, archived], [], 'opportunity-archived'],
    ['was archived then, and restored since', [opened, expected, archived], [restored], 'not-open-then'],
    [
      'is expected on another day',
      [opened, expected],
      [{ type: 'OpportunityEdited', data: { set: { expectedCloseOn: '2017-04-30' } } }],
      'expected-otherwise',
    ],
    ['is not there', [], [], 'opportunity-not-found'],
  ])('passes it by where it %s', (_, then, since, code) => {
    expect(decided(then, since)).toMatchObject({ code });
  });

  it('changes nothing but that it is known', () => {
    const before = fold(opportunity, histories.inTalksUntilMarch);
    const [cameDue] = decided(histories.inTalksUntilMarch) as readonly OpportunityEvent[];
    expect(opportunity.evolve(before, cameDue!)).toEqual(before);
  });
});

describe('being overdue', () => {
  const open = { status: 'open', archived: false, expectedCloseOn: '2017-03-31' };

  it.each<[boolean, string, object, string]>([
    [false, 'on the day itself', {}, '2017-03-31T23:59:59.999Z'],
    [true, 'from its end on', {}, dueAt],
    [false, 'where it was won', { status: 'won' }, dueAt],
    [false, 'where it is archived', { archived: true }, dueAt],
    [false, 'where no day is expected', { expectedCloseOn: undefined }, dueAt],
  ])('is %s %s', (overdue, _, more, at) => {
    expect(isOverdue({ ...open, ...more }, at, UTC)).toBe(overdue);
  });
});
