import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { lead } from './lead.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'l1' };
const ada = { type: 'LeadCreated', data: { lastName: 'Lovelace', company: 'Analytical', status: 'new' } } as const;

describe('a lead', () => {
  it('needs something to be called or reached by, and is new at first', () => {
    expect(lead.decide.create(null, { title: 'Countess' }, now)).toMatchObject({ code: 'nameless' });
    expect(lead.decide.create(null, { company: 'Analytical' }, now)).toEqual([
      { type: 'LeadCreated', data: { company: 'Analytical', status: 'new' } },
    ]);
  });

  it('is not converted by saying so', () => {
    expect(lead.decide.edit(fold(lead, [ada]), { set: { status: 'converted' } }, now)).toMatchObject({
      code: 'said-apart',
      field: '/status',
    });
  });

  it('keeps what says nothing about the person when that is erased', () => {
    const erased = { type: 'LeadErased', data: { receiptId: 'r1' } } as const;
    expect(lead.decide.erase(fold(lead, [ada]), { receiptId: 'r1' }, now)).toEqual([erased]);
    expect(fold(lead, [ada, erased])).toEqual({ status: 'new', archived: true, erased: true });
  });
});
