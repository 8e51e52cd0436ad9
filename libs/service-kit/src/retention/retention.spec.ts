import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { type RetentionEvent, type RetentionPolicy, retention, retentionTimer } from './retention.js';

const at = { at: '2026-06-30T00:00:00.000Z', id: 'r' };
const nextRunAt = '2026-07-01T00:00:00.000Z';
const contacts: RetentionPolicy = { object: 'contact', action: 'erase', days: 365, archivedOnly: false };
const accounts: RetentionPolicy = { object: 'account', action: 'archive', days: 30, archivedOnly: false };
const set = (policy: RetentionPolicy): RetentionEvent => ({
  type: 'RetentionPolicySet',
  data: { ...policy, nextRunAt },
});
const after = (...events: readonly RetentionEvent[]) => fold(retention, events);
const orders = [{ ...contacts, before: '2025-06-30T00:00:00.000Z' }];
const begun: RetentionEvent = { type: 'RetentionRunBegun', data: { policies: orders } };

describe('retention policies', () => {
  it('are one for a kind of record', () => {
    expect(retention.decide.set(null, { ...contacts, nextRunAt }, at)).toEqual([set(contacts)]);
    expect(retention.decide.set(after(set(contacts)), { ...contacts, days: 1, nextRunAt }, at)).toMatchObject({
      rejected: 'conflict',
      code: 'policy-exists',
      message: expect.stringContaining('erase after 365 days'),
    });
    expect(retention.decide.set(after(set(contacts)), { ...accounts, nextRunAt }, at)).toEqual([set(accounts)]);
  });

  it('are removed one by one, and the last takes the timer along', () => {
    expect(retention.decide.remove(null, { object: 'contact' }, at)).toMatchObject({ code: 'policy-not-found' });
    const two = after(set(contacts), set(accounts));
    const [first] = retention.decide.remove(two, { object: 'contact' }, at) as readonly RetentionEvent[];
    expect(first).toMatchObject({ data: { isLast: false } });
    expect(retentionTimer.dueAt(first!, undefined as never)).toBeUndefined();
    const one = after(set(contacts), set(accounts), first!);
    const [last] = retention.decide.remove(one, { object: 'account' }, at) as readonly RetentionEvent[];
    expect(retentionTimer.dueAt(last!, undefined as never)).toBeNull();
  });

  it('are carried out by one run at a time, for what was not changed for so long', () => {
    expect(retention.decide.begin(null, {}, at)).toMatchObject({ code: 'no-policies' });
    expect(retention.decide.begin(after(set(contacts)), {}, at)).toEqual([begun]);
    expect(retention.decide.begin(after(set(contacts), begun), {}, at)).toMatchObject({ code: 'retention-running' });
  });

  it('go on where a run was, and are due again a day after it', () => {
    const progressed: RetentionEvent = {
      type: 'RetentionProgressed',
      data: { object: 'contact', counts: { done: 2, held: 1, kept: 0 }, cursor: 'c' },
    };
    const running = after(set(contacts), begun, progressed);
    expect(running?.run?.progress['contact']).toMatchObject({ counts: { done: 2 }, cursor: 'c' });
    const [finished] = retention.decide.finish(running, { nextRunAt }, at) as readonly RetentionEvent[];
    expect(retentionTimer.dueAt(finished!, undefined as never)).toBe(nextRunAt);
    const done = after(set(contacts), begun, progressed, finished!);
    expect(done).toMatchObject({ nextRunAt, last: { progress: { contact: { counts: { held: 1 } } } } });
    expect(done).not.toHaveProperty('run');
    expect(retention.decide.finish(done, { nextRunAt }, at)).toEqual([]);
    expect(retention.decide.progress(done, { object: 'contact', counts: { done: 0, held: 0, kept: 0 } }, at)).toEqual(
      [],
    );
  });

  it('that were all removed meanwhile are not due again', () => {
    const removed: RetentionEvent = { type: 'RetentionPolicyRemoved', data: { object: 'contact', isLast: true } };
    expect(retention.decide.finish(after(set(contacts), begun, removed), { nextRunAt }, at)).toEqual([
      { type: 'RetentionRunFinished', data: { nextRunAt: null } },
    ]);
  });
});
