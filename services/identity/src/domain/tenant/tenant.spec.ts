import { describe, expect, it } from '@jest/globals';
import { fold, type RecordedEvent, undo } from '@rapport/kernel';
import { FIRST_SETTINGS, tenant } from './tenant.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 't1' };
const opened = { type: 'TenantCreated', data: FIRST_SETTINGS } as const;

describe('a tenant', () => {
  it('has settings that change', () => {
    expect(tenant.decide.create(null, FIRST_SETTINGS, at)).toEqual([opened]);
    const set = { timeZone: 'America/New_York', currency: 'USD', fiscalYearStartsIn: 4 };
    expect(tenant.decide.edit(fold(tenant, [opened]), { set }, at)).toEqual([{ type: 'TenantEdited', data: { set } }]);
    const nowhere = { set: { timeZone: 'Nowhere' } };
    expect(tenant.decide.edit(fold(tenant, [opened]), nowhere, at)).toMatchObject({ code: 'unknown-time-zone' });
  });

  it('cannot be undone itself', () => {
    const history = [{ ...opened, id: 'e0', revision: 0 }] as unknown as RecordedEvent[];
    expect(undo(tenant, history, { eventId: 'e0', laterChanges: 'keep' })).toMatchObject({ code: 'tenant-stays' });
  });
});
