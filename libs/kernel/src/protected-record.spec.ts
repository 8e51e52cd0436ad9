import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from './decider.js';
import { erasable } from './erasable-record.js';
import type { RecordedEvent } from './event.js';
import { protectedRecord, type ProtectedEvent } from './protected-record.js';
import { recordDecider } from './record.js';
import { undo } from './undo.js';

interface Fields {
  readonly name?: string;
  readonly externalId?: string;
}
type Event = ProtectedEvent<'Contact', Fields>;

const KEPT = ['externalId'] as const;
const contact = protectedRecord(
  'Contact',
  erasable('Contact', recordDecider<'Contact', Fields>('contact', 'Contact'), KEPT),
  KEPT,
);
const at = { at: '2026-01-01T00:00:00.000Z', id: 'c' };

const created: Event = { type: 'ContactCreated', data: { name: 'Ada', externalId: 'x' } };
const held: Event = { type: 'ContactHoldPlaced', data: { hold: 'Case 17' } };
const released: Event = { type: 'ContactHoldLifted', data: {} };
const restricted: Event = { type: 'ContactProcessingRestricted', data: { restriction: 'disputed' } };
const unrestricted: Event = { type: 'ContactRestrictionLifted', data: {} };

const history = (...events: readonly Event[]): RecordedEvent[] =>
  events.map((event, revision) => ({ ...event, id: `e${revision}`, revision }) as unknown as RecordedEvent);

describe('a hold', () => {
  it('stands above an erasure, and says so, until it is lifted', () => {
    const { erase } = contact.decide;
    expect(erase(fold(contact, [created, held]), { receiptId: 'r' }, at)).toMatchObject({ code: 'on-hold' });
    expect(erase(fold(contact, [created, held, released]), { receiptId: 'r' }, at)).toHaveLength(1);
  });

  it('is placed once for a reason, keeps nobody from working, and is not lifted by an undo', () => {
    const state = fold(contact, [created, held]);
    expect(contact.decide.placeHold(state, { reason: 'Case 17' }, at)).toEqual([]);
    expect(contact.decide.placeHold(state, { reason: 'Case 18' }, at)).toHaveLength(1);
    expect(contact.decide.edit(state, { set: { name: 'Eda' } }, at)).toHaveLength(1);
    expect(undo(contact, history(created, held), { eventId: 'e1', laterChanges: 'refuse' })).toMatchObject({
      code: 'protected',
    });
  });

  it('is kept without its reason where that cannot be read any more', () => {
    const state = fold(contact, [created, { type: 'ContactHoldPlaced', data: {} } as never]);
    expect(contact.decide.erase(state, { receiptId: 'r' }, at)).toMatchObject({ code: 'on-hold' });
  });
});

describe('a restriction', () => {
  it('puts what is personal aside, where no list finds it, and lets nobody change anything', () => {
    const state = fold(contact, [created, restricted]);
    expect(state).toEqual({ externalId: 'x', archived: false, restriction: 'disputed', aside: { name: 'Ada' } });
    for (const decide of [
      contact.decide.edit(state, { set: { name: 'Eda' } }, at),
      contact.decide.archive(state, {}, at),
      undo(contact, history(created, { type: 'ContactEdited', data: { set: { name: 'B' } } }, restricted), {
        eventId: 'e1',
        laterChanges: 'keep',
      }),
    ])
      expect(decide).toMatchObject({ code: 'processing-restricted' });
    expect(contact.decide.erase(state, { receiptId: 'r' }, at)).toHaveLength(1);
  });

  it('leaves no trace once it is lifted, whatever else stood above the record', () => {
    const archived: Event = { type: 'ContactArchived', data: {} };
    const restored: Event = { type: 'ContactRestored', data: {} };
    const others = fc.subarray<Event>([held, archived, restored]);
    fc.assert(
      fc.property(others, others, (before, during) => {
        const plain = fold(contact, [created, ...before, ...during]);
        const lifted = fold(contact, [created, ...before, restricted, ...during, unrestricted]);
        expect(lifted).toEqual(plain);
      }),
    );
  });

  it('goes with the person', () => {
    const erased: Event = { type: 'ContactErased', data: { receiptId: 'r' } };
    expect(fold(contact, [created, restricted, erased])).toEqual({ externalId: 'x', archived: true, erased: true });
  });
});

describe('a rectification', () => {
  const rectification = { askedBy: 'Ada King', askedAt: at.at };
  const rectify = (state: Parameters<typeof contact.decide.rectify>[0], set: object) =>
    contact.decide.rectify(state, { set, rectification }, at);

  it('given a record, when the person says what is wrong, then that is edited, with who asked', () => {
    const set = { name: 'King' };
    const rectified = { type: 'ContactRectified', data: { set, rectification } } as const;
    expect(rectify(fold(contact, [created]), set)).toEqual([rectified]);
    expect(fold(contact, [created, rectified])).toMatchObject({ name: 'King', externalId: 'x' });
    expect(rectify(fold(contact, [created, rectified]), set)).toEqual([]);
    expect(undo(contact, history(created, rectified), { eventId: 'e1', laterChanges: 'refuse' })).toMatchObject([
      { type: 'ContactChangeUndone', data: { set: { name: 'Ada' } } },
    ]);
  });

  it('is of what is said about the person alone, and waits for the end of a restriction', () => {
    expect(rectify(fold(contact, [created]), { externalId: 'y' })).toMatchObject({ code: 'not-about-the-person' });
    expect(rectify(fold(contact, [created, restricted]), { name: 'King' })).toMatchObject({
      code: 'processing-restricted',
    });
    expect(rectify(null, { name: 'King' })).toMatchObject({ code: 'contact-not-found' });
  });
});
