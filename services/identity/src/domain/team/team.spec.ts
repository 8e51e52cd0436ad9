import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { team } from './team.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 't1' };
const east = { type: 'TeamCreated', data: { name: 'East' } } as const;

describe('a team', () => {
  it('is created, and gets somebody who leads it', () => {
    expect(team.decide.create(null, east.data, at)).toEqual([east]);
    expect(team.decide.edit(fold(team, [east]), { set: { managerId: 'u1' } }, at)).toEqual([
      { type: 'TeamEdited', data: { set: { managerId: 'u1' } } },
    ]);
  });

  it('keeps a name', () => {
    expect(team.decide.edit(fold(team, [east]), { set: { name: null } }, at)).toMatchObject({ code: 'name-missing' });
  });
});
