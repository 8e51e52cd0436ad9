import { describe, expect, it } from '@jest/globals';
import { fold } from './decider.js';
import { erasable } from './erasable-record.js';
import { needsName, recordDecider } from './record.js';

interface Fields {
  readonly name: string;
  readonly city?: string;
}

const guest = erasable('Guest', recordDecider<'Guest', Fields>('guest', 'Guest', needsName('A guest')), ['city']);
const at = { at: '2026-01-01T00:00:00.000Z', id: 'g1' };
const created = { type: 'GuestCreated', data: { name: 'Ada', city: 'London' } } as const;
const erased = { type: 'GuestErased', data: { receiptId: 'r1' } } as const;

describe('a record about a person', () => {
  it('is a plain one, with its rule', () => {
    expect(guest.decide.create(null, { name: '' }, at)).toMatchObject({ code: 'name-missing' });
    expect(guest.decide.create(null, created.data, at)).toEqual([created]);
    expect(guest.decide.edit(fold(guest, [created]), { set: { city: 'Paris' } }, at)).toHaveLength(1);
  });

  it('is erased once, and keeps what says nothing about the person', () => {
    expect(guest.decide.erase(null, { receiptId: 'r1' }, at)).toMatchObject({ code: 'guest-not-found' });
    expect(guest.decide.erase(fold(guest, [created]), { receiptId: 'r1' }, at)).toEqual([erased]);
    const state = fold(guest, [created, erased]);
    expect(state).toEqual({ city: 'London', archived: true, erased: true });
    expect(guest.decide.erase(state, { receiptId: 'r2' }, at)).toEqual([]);
  });

  it('takes nothing after that', () => {
    const state = fold(guest, [created, erased]);
    expect(guest.decide.edit(state, { set: { name: 'Ada' } }, at)).toMatchObject({ rejected: 'gone' });
    expect(guest.decide.restore(state, {}, at)).toMatchObject({ rejected: 'gone' });
    expect(guest.final?.(state)).toMatchObject({ rejected: 'gone' });
  });
});
