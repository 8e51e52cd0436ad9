import { describe, expect, it } from '@jest/globals';
import { fold, type RecordedEvent, undo } from '@rapport/kernel';
import type { LeadEvent } from './lead.events.js';
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

  it('is read only once it is converted, until that is taken back as a whole', () => {
    const conversion = { contactId: 'c1', accountId: 'a1', made: ['contact', 'account'] } as const;
    const [converted] = lead.decide.convert(fold(lead, [ada]), conversion, now) as readonly LeadEvent[];
    expect(converted).toEqual({ type: 'LeadConverted', data: { ...conversion, convertedAt: now.at } });
    const state = fold(lead, [ada, converted!]);
    expect(state).toMatchObject({ status: 'converted', convertedContactId: 'c1', convertedAccountId: 'a1' });
    for (const decided of [
      lead.decide.edit(state, { set: { rating: 'hot' } }, now),
      lead.decide.archive(state, {}, now),
      lead.decide.convert(state, conversion, now),
    ])
      expect(decided).toMatchObject({ code: 'lead-converted' });
    const [undone] = lead.decide.undoConversion(state, {}, now) as readonly LeadEvent[];
    expect(fold(lead, [ada, converted!, undone!])).toEqual(fold(lead, [ada]));
    expect(lead.decide.undoConversion(fold(lead, [ada]), {}, now)).toMatchObject({ code: 'not-converted' });
  });

  it('is neither converted nor taken back by undoing one event alone', () => {
    const conversion = { contactId: 'c1', made: ['contact'] } as const;
    const converted = { type: 'LeadConverted', data: { ...conversion, convertedAt: now.at } } as const;
    const undone = { type: 'LeadConversionUndone', data: {} } as const;
    const history = [ada, converted, undone].map(
      (event, revision) => ({ ...event, id: `e${revision}`, revision }) as unknown as RecordedEvent,
    );
    expect(undo(lead, history.slice(0, 2), { eventId: 'e1', laterChanges: 'keep' })).toMatchObject({
      code: 'lead-converted',
    });
    expect(undo(lead, history, { eventId: 'e2', laterChanges: 'keep' })).toMatchObject({
      code: 'undo-conversion-instead',
    });
  });

  it('keeps what says nothing about the person when that is erased', () => {
    const erased = { type: 'LeadErased', data: { receiptId: 'r1' } } as const;
    expect(lead.decide.erase(fold(lead, [ada]), { receiptId: 'r1' }, now)).toEqual([erased]);
    expect(fold(lead, [ada, erased])).toEqual({ status: 'new', archived: true, erased: true });
  });
});
