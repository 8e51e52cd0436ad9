import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { isActiveWith, user } from './user.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'u1' };
const ada = { type: 'UserCreated', data: { name: 'Ada', email: 'ada@example.org', roleIds: ['r1'] } } as const;

describe('a user', () => {
  it('comes to be, and goes to another team', () => {
    expect(user.decide.create(null, ada.data, at)).toEqual([ada]);
    expect(user.decide.edit(fold(user, [ada]), { set: { teamIds: ['t1'] } }, at)).toEqual([
      { type: 'UserEdited', data: { set: { teamIds: ['t1'] } } },
    ]);
  });

  it('keeps a name, and lives where there is a time', () => {
    expect(user.decide.create(null, { name: ' ' }, at)).toMatchObject({ code: 'name-missing', field: '/name' });
    for (const timeZone of ['Mars/Olympus', '+02:00', ''])
      expect(user.decide.create(null, { name: 'Ada', timeZone }, at)).toMatchObject({ code: 'unknown-time-zone' });
    expect(user.decide.create(null, { name: 'Ada', timeZone: 'Europe/London' }, at)).toHaveLength(1);
  });

  it('has roles as long as nobody deactivates it', () => {
    const archived = { type: 'UserArchived', data: {} } as const;
    const restored = { type: 'UserRestored', data: {} } as const;
    const active = [[], [ada], [ada, archived], [ada, archived, restored]].map((history) =>
      isActiveWith(fold(user, history), 'r1'),
    );
    expect(active).toEqual([false, true, false, true]);
    expect(isActiveWith(fold(user, [ada]), 'r2')).toBe(false);
  });

  it('is forgotten, and out', () => {
    const erased = { type: 'UserErased', data: { receiptId: 'x' } } as const;
    expect(fold(user, [ada, erased])).toEqual({ roleIds: ['r1'], archived: true, erased: true });
  });
});
