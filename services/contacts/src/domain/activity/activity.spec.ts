import { describe, expect, it } from '@jest/globals';
import { fold, undo, type RecordedEvent } from '@rapport/kernel';
import type { ActivityEvent } from './activity.events.js';
import { activity } from './activity.js';
import { reminder } from './activity.timers.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'a1' };
const remindAt = '2026-01-02T08:00:00.000Z';
const task: ActivityEvent = {
  type: 'ActivityCreated',
  data: { kind: 'task', subject: 'Send the offer', status: 'not-started', remindAt },
};
const completed: ActivityEvent = { type: 'TaskCompleted', data: { completedAt: now.at } };
const after = (...events: ActivityEvent[]) => fold(activity, events);

describe('an activity', () => {
  it('is about the contacts that it is related to, and those who take part', () => {
    const related = [
      { kind: 'contact', id: 'c1' },
      { kind: 'account', id: 'a1' },
    ];
    const participants = [{ contactId: 'c2' }, { contactId: 'c1' }, { userId: 'u1' }];
    const data = { kind: 'meeting', subject: 'x', at: now.at, related, participants };
    expect(after({ type: 'ActivityCreated', data })).toMatchObject({ contactIds: ['c1', 'c2'] });
    const edited: ActivityEvent = { type: 'ActivityEdited', data: { set: { participants: null } } };
    expect(after({ type: 'ActivityCreated', data }, edited)).toMatchObject({ contactIds: ['c1'] });
  });

  it('begins as its kind does', () => {
    const begun = (fields: object) => activity.decide.create(null, fields as never, now);
    expect(begun({ kind: 'task', subject: 'x' })).toMatchObject([{ data: { status: 'not-started' } }]);
    expect(begun({ kind: 'meeting', subject: 'x', at: now.at })).toMatchObject([{ data: { status: 'planned' } }]);
    expect(begun({ kind: 'call' })).toMatchObject([{ data: { at: now.at } }]);
  });

  it('is completed once, by a command of its own', () => {
    expect(activity.decide.complete(after(task), {}, now)).toEqual([completed]);
    expect(activity.decide.complete(after(task, completed), {}, now)).toEqual([]);
    const set = { status: 'completed' };
    expect(activity.decide.edit(after(task), { set }, now)).toMatchObject({ code: 'said-apart' });
    expect(activity.decide.edit(after(task, completed), { set: { ...set, subject: 'y' } }, now)).toHaveLength(1);
    expect(activity.decide.reopen(after(task), {}, now)).toMatchObject({ code: 'not-completed' });
    expect(activity.decide.markHeld(after(task), {}, now)).toMatchObject({ code: 'not-of-this-kind' });
  });

  it('may lack what an erasure has taken, and not lose it otherwise', () => {
    const unread: ActivityEvent = { type: 'ActivityCreated', data: { kind: 'note' } };
    expect(activity.decide.edit(after(unread), { set: { pinned: true } }, now)).toHaveLength(1);
    expect(activity.decide.edit(after(task), { set: { subject: null } }, now)).toMatchObject({
      code: 'subject-missing',
    });
  });

  it('reminds of what is to be done still, at the moment that was last said', () => {
    const due = { dueAt: remindAt, then: after(task) };
    expect(reminder.decide(after(task), due as never, now)).toEqual([{ type: 'TaskReminded', data: { remindAt } }]);
    expect(reminder.decide(after(task, completed), due as never, now)).toMatchObject({ code: 'reminded-otherwise' });
    const later: ActivityEvent = { type: 'ActivityEdited', data: { set: { remindAt: '2026-01-03T08:00:00.000Z' } } };
    expect(reminder.decide(after(task, later), due as never, now)).toMatchObject({ code: 'reminded-otherwise' });
  });

  it('is open again when its completion is undone', () => {
    const history = [task, completed].map((event, revision) => ({ ...event, id: `e${revision}`, revision }));
    const undone = undo(activity as never, history as unknown as RecordedEvent[], {
      eventId: 'e1',
      laterChanges: 'refuse',
    });
    expect(undone).toMatchObject([{ data: { set: { status: 'not-started', completedAt: null } } }]);
  });
});
