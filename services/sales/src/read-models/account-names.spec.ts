import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@rapport/kernel';
import { accountNames, type AccountName } from './account-names.js';

describe('what sales remembers of accounts', () => {
  const told = (account: AccountName | null, type: string, data: object = {}): AccountName | null =>
    accountNames.fold(account, { type, stream: 'contacts.account-main-a1', data } as RecordedEvent, 'a1');
  const acme: AccountName = { id: 'a1', tenant: 'main', name: 'Acme', externalId: '7', archived: false };

  it('is its name and its key elsewhere', () => {
    expect(told(null, 'AccountCreated', { account: { name: 'Acme', externalId: '7', sector: 'x' } })).toEqual(acme);
    expect(told(acme, 'AccountEdited', { set: { name: 'Acme Inc.' }, cleared: ['externalId', 'sector'] })).toEqual({
      id: 'a1',
      tenant: 'main',
      name: 'Acme Inc.',
      archived: false,
    });
    expect(told(acme, 'AccountEdited', { set: { sector: 'y' }, cleared: [] })).toEqual(acme);
  });

  it('follows archiving, restoring and undoing', () => {
    const archived = told(acme, 'AccountArchived');
    expect(archived).toEqual({ ...acme, archived: true });
    expect(told(archived, 'AccountRestored')).toEqual(acme);
    expect(told(acme, 'AccountChangeUndone', { set: {}, cleared: [], archived: true })).toEqual(archived);
  });

  it('follows merges and splits, and what they make of the name', () => {
    const other = told(acme, 'AccountMergedInto', { survivorId: 'a2' });
    expect(other).toEqual({ ...acme, archived: true, mergedInto: 'a2' });
    expect(told(other, 'AccountSplitOff', { survivorId: 'a2', set: { name: 'Acme Inc.' } })).toEqual({
      ...{ ...acme, name: 'Acme Inc.' },
    });
    const survivor = told(acme, 'AccountMerged', { otherId: 'a2', furtherIds: ['a3'], set: { name: 'ACME' } });
    expect(survivor).toMatchObject({ name: 'ACME', mergedIds: ['a2', 'a3'] });
    expect(told(survivor, 'AccountUnmerged', { otherId: 'a2', set: { name: 'Acme' } })).toEqual(acme);
  });

  it('does not change by what the source keeps to itself, and what could not be read', () => {
    for (const type of ['RevisionWithheld', 'RevisionUnreadable']) expect(told(acme, type)).toBe(acme);
  });
});
