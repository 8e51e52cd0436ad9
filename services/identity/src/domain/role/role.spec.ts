import { describe, expect, it } from '@jest/globals';
import { fold, type RecordedEvent, undo } from '@rapport/kernel';
import { role } from './role.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'r1' };
const read = { object: 'contact', action: 'read', scope: 'team' };
const amount = { object: 'opportunity', field: 'amount', access: 'hidden' };
const rep = { type: 'RoleCreated', data: { name: 'Rep', grants: [read], fields: [amount] } } as const;
const all = { type: 'RoleCreated', data: { name: 'Administrator', builtIn: 'administrator', grants: [read] } } as const;

describe('a role', () => {
  it('says what somebody may do, and that can change', () => {
    expect(role.decide.create(null, rep.data, at)).toEqual([rep]);
    const grants = [{ ...read, scope: 'own' }];
    expect(role.decide.edit(fold(role, [rep]), { set: { grants } }, at)).toEqual([
      { type: 'RoleEdited', data: { set: { grants } } },
    ]);
  });

  it.each([
    ['a name', { name: '' }, 'name-missing', '/name'],
    ['one answer for each action', { grants: [read, { ...read, scope: 'all' }] }, 'granted-twice', '/grants/1'],
    ['one answer for each field', { fields: [amount, { ...amount, access: 'read' }] }, 'granted-twice', '/fields/1'],
  ])('has %s', (_, set, code, field) => {
    expect(role.decide.create(null, { ...rep.data, ...set }, at)).toMatchObject({ code, field });
    expect(role.decide.edit(fold(role, [rep]), { set }, at)).toMatchObject({ code, field });
  });

  it('of administrators stays what it is, whatever it is called', () => {
    const state = fold(role, [all]);
    const kept = { code: 'role-kept' };
    expect(role.decide.edit(state, { set: { name: 'Boss' } }, at)).toHaveLength(1);
    expect(role.decide.edit(state, { set: { grants: [] } }, at)).toMatchObject(kept);
    expect(role.decide.edit(state, { set: { fields: [amount] } }, at)).toMatchObject(kept);
    expect(role.decide.archive(state, {}, at)).toMatchObject(kept);
    const history = [{ ...all, id: 'e0', revision: 0 }] as unknown as RecordedEvent[];
    expect(undo(role, history, { eventId: 'e0', laterChanges: 'keep' })).toMatchObject(kept);
    expect(role.decide.archive(fold(role, [rep]), {}, at)).toHaveLength(1);
  });
});
