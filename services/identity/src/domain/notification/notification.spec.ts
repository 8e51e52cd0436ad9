import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { notification, type NotificationEvent } from './notification.js';
import { readMarks } from './read-marks.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'n1' };
const data = {
  userId: 'ada',
  kind: 'due',
  object: 'opportunity',
  recordId: 'o1',
  what: 'OpportunityCameDue',
  at: at.at,
};
const raised: NotificationEvent = { type: 'NotificationRaised', data };
const after = (...history: NotificationEvent[]) => fold(notification, history);

describe('a notification', () => {
  it('is raised once', () => {
    expect(notification.decide.raise(after(), data, at)).toEqual([raised]);
    expect(notification.decide.raise(after(raised), data, at)).toEqual([]);
  });

  it('is read by whose it is alone, and mailed once', () => {
    const read: NotificationEvent = { type: 'NotificationRead', data: {} };
    const mailed: NotificationEvent = { type: 'NotificationMailed', data: {} };
    expect(notification.decide.read(after(raised), { userId: 'ada' }, at)).toEqual([read]);
    expect(notification.decide.read(after(raised, read), { userId: 'ada' }, at)).toEqual([]);
    for (const state of [after(), after(raised)])
      expect(notification.decide.read(state, { userId: 'eve' }, at)).toMatchObject({ code: 'notification-not-found' });
    expect(notification.decide.mailed(after(raised), {}, at)).toEqual([mailed]);
    expect(notification.decide.mailed(after(raised, mailed), {}, at)).toEqual([]);
    expect(notification.decide.mailed(after(), {}, at)).toEqual([]);
  });

  it('is marked with all others up to a time, which never goes back', () => {
    const read = (upTo: string) => readMarks.decide.read({ upTo: '2026-01-02' }, { upTo }, at);
    expect(read('2026-01-03')).toEqual([{ type: 'NotificationsRead', data: { upTo: '2026-01-03' } }]);
    expect([read('2026-01-02'), read('2026-01-01')]).toEqual([[], []]);
  });
});
