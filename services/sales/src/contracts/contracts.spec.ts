import { describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@rapport/processing';
import { accountNames, type AccountName } from './consumes.js';
import { publishes } from './publishes.js';

describe('what sales publishes', () => {
  it('has an opportunity’s fields, and none that are its own affair', () => {
    const undone = { eventId: 'e', type: 'OpportunityWon', revision: 1 };
    const set = { status: 'open', closedOn: null, stageIdBeforeClosing: null, archived: true } as const;
    expect(publishes.OpportunityChangeUndone({ type: 'OpportunityChangeUndone', data: { undone, set } })).toEqual({
      type: 'OpportunityChangeUndone',
      data: {
        undoneEventId: 'e',
        undoneType: 'OpportunityWon',
        set: { status: 'open' },
        cleared: ['closedOn'],
        archived: true,
      },
    });
  });

  it('says of a new opportunity that it is open, and of a lost one why', () => {
    const stage = { stage: 'Engaging', stageId: 's' };
    const place = { pipelineId: 'p', ...stage, probability: 50, stageEnteredAt: 't', openedOn: '2017-01-01' };
    expect(publishes.OpportunityCreated({ type: 'OpportunityCreated', data: { name: 'x', ...place } }).data).toEqual({
      opportunity: { name: 'x', ...place, status: 'open' },
    });
    const data = { closedOn: '2017-03-01', stageEnteredAt: 't', reason: 'Price' };
    expect(publishes.OpportunityLost({ type: 'OpportunityLost', data }).data).toEqual({
      closedOn: '2017-03-01',
      reason: 'Price',
      notes: '',
    });
  });
});

describe('what sales remembers of accounts', () => {
  const told = (account: AccountName | null, type: string, data: object = {}): AccountName | null =>
    accountNames.fold(account, {
      type: `rapport.contacts.v1.${type}`,
      subject: 'account/a1',
      tenant: 'main',
      data,
    } as unknown as CloudEvent);
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
    expect(told(acme, 'ContactCreated')).toBe(acme);
  });
});
