import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { account } from './account.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'a1' };
const acme = { type: 'AccountCreated', data: { name: 'Acme Corporation', employees: 2822 } } as const;

describe('an account', () => {
  it('needs a name', () => {
    expect(account.decide.create(null, { name: ' ' }, now)).toMatchObject({ code: 'name-missing', field: '/name' });
    expect(account.decide.edit(fold(account, [acme]), { set: { name: null } }, now)).toMatchObject({
      code: 'name-missing',
    });
  });

  it('remembers what was edited', () => {
    const edited = account.decide.edit(fold(account, [acme]), { set: { employees: 3000, sector: 'technology' } }, now);
    expect(edited).toEqual([{ type: 'AccountEdited', data: { set: { employees: 3000, sector: 'technology' } } }]);
    expect(fold(account, [acme, ...(edited as never[])])).toEqual({
      name: 'Acme Corporation',
      employees: 3000,
      sector: 'technology',
      archived: false,
    });
  });

  it('is merged with another, keeps its name and is split as it was', () => {
    const gone = { type: 'AccountMergedInto', data: { survivorId: 'a2' } } as const;
    const merged = fold(account, [acme, gone]);
    expect(merged).toMatchObject({ name: 'Acme Corporation', mergedInto: 'a2', archived: true });
    expect(account.decide.edit(merged, { set: { employees: 1 } }, now)).toMatchObject({ code: 'merged' });
    const back = { type: 'AccountSplitOff', data: { survivorId: 'a2', set: {} } } as const;
    expect(fold(account, [acme, gone, back])).toEqual(fold(account, [acme]));
    const nameless = account.decide.takeIn(fold(account, [acme]), { otherId: 'a2', set: { name: null } }, now);
    expect(nameless).toMatchObject({ code: 'name-missing' });
  });
});
