import { describe, expect, it } from '@jest/globals';
import { fold, undo, type RecordedEvent } from '@rapport/kernel';
import { contact } from './contact.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'c1' };
const ada = { type: 'ContactCreated', data: { firstName: 'Ada', email: 'ada@example.org', accountId: 'a1' } } as const;
const erased = { type: 'ContactErased', data: { receiptId: 'r1' } } as const;

describe('a contact', () => {
  it('needs something to be called or reached by', () => {
    expect(contact.decide.create(null, { title: 'Countess' }, now)).toMatchObject({ code: 'nameless' });
    expect(contact.decide.create(null, { lastName: '\u200B\u3164' }, now)).toMatchObject({ code: 'nameless' });
    expect(contact.decide.create(null, { phone: '+44 20' }, now)).toHaveLength(1);
  });

  it('cannot lose both by an undo', () => {
    const history = [
      { type: 'ContactCreated', data: { email: 'ada@example.org' } },
      { type: 'ContactEdited', data: { set: { lastName: 'Lovelace' } } },
      { type: 'ContactEdited', data: { set: { email: null } } },
    ].map((event, revision) => ({ ...event, id: `e${revision}`, revision }) as unknown as RecordedEvent);
    expect(undo(contact, history, { eventId: 'e1', laterChanges: 'refuse' })).toMatchObject({ code: 'nameless' });
    expect(undo(contact, history, { eventId: 'e2', laterChanges: 'refuse' })).toHaveLength(1);
  });

  it('may be changed where it was taken without, by an older rule', () => {
    const unseen = fold(contact, [{ type: 'ContactCreated', data: { lastName: '\u200B' } }]);
    expect(contact.decide.edit(unseen, { set: { title: 'Countess' } }, now)).toHaveLength(1);
  });

  it('is erased once, and takes nothing on afterwards', () => {
    expect(contact.decide.erase(fold(contact, [ada]), { receiptId: 'r1' }, now)).toEqual([erased]);
    const state = fold(contact, [ada, erased]);
    expect(state).toEqual({ accountId: 'a1', archived: true, erased: true });
    expect(contact.decide.erase(state, { receiptId: 'r2' }, now)).toEqual([]);
    expect(contact.decide.edit(state, { set: { firstName: 'Ada' } }, now)).toMatchObject({ rejected: 'gone' });
    expect(contact.decide.restore(state, {}, now)).toMatchObject({ rejected: 'gone' });
  });

  it('comes to life without its personal fields when they are sealed for ever', () => {
    const unreadable = [{ type: 'ContactCreated', data: { accountId: 'a1' } }, erased] as never[];
    expect(fold(contact, unreadable)).toEqual({ accountId: 'a1', archived: true, erased: true });
  });

  it('cannot have its erasure undone', () => {
    const history = [ada, erased].map(
      (event, revision) => ({ ...event, id: `e${revision}`, revision }) as unknown as RecordedEvent,
    );
    expect(undo(contact, history, { eventId: 'e1', laterChanges: 'refuse' })).toMatchObject({ rejected: 'gone' });
    expect(undo(contact, history, { eventId: 'e0', laterChanges: 'keep' })).toMatchObject({ rejected: 'gone' });
  });
});
