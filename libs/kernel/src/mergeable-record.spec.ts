import { describe, expect, it } from '@jest/globals';
import { fold } from './decider.js';
import type { RecordedEvent } from './event.js';
import { erasable } from './erasable-record.js';
import { mergeable } from './mergeable-record.js';
import { protectedRecord } from './protected-record.js';
import { recordDecider } from './record.js';
import { undo } from './undo.js';

interface Fields {
  readonly name?: string;
  readonly ownerId?: string;
}

const plain = recordDecider<'Person', Fields>('person', 'Person');
const OPEN = ['ownerId'] as const;
const person = mergeable('Person', protectedRecord('Person', erasable('Person', plain, OPEN), OPEN), OPEN);
const at = { at: '2026-01-01T00:00:00.000Z', id: 'p1' };
const created = { type: 'PersonCreated', data: { name: 'Ada' } } as const;
const gone = { type: 'PersonMergedInto', data: { survivorId: 'p2' } } as const;
const took = { type: 'PersonMerged', data: { otherId: 'p2', furtherIds: ['p3'], set: { ownerId: 'o1' } } } as const;
const again = { type: 'PersonMerged', data: { otherId: 'p4', set: {} } } as const;
const state = (...events: readonly object[]) => fold(person, events as never);
const history = (...events: readonly object[]) =>
  events.map((event, revision) => ({ ...event, id: `e${revision}`, revision }) as unknown as RecordedEvent);

describe('a record that was merged into another', () => {
  it('says where it went and changes no more', () => {
    const merged = state(created, gone);
    expect(merged).toEqual({ aside: { name: 'Ada' }, archived: true, mergedInto: 'p2' });
    const refused = { rejected: 'conflict', code: 'merged', message: expect.stringContaining('p2') };
    expect(person.decide.edit(merged, { set: { name: 'A.' } }, at)).toMatchObject(refused);
    expect(person.decide.restore(merged, {}, at)).toMatchObject(refused);
    expect(person.decide.erase(merged, { receiptId: 'r' }, at)).toMatchObject(refused);
    expect(person.decide.placeHold(merged, { reason: 'x' }, at)).toMatchObject(refused);
    expect(undo(person, history(created, gone), { eventId: 'e0', laterChanges: 'keep' })).toMatchObject(refused);
  });

  it('is as it was once it is split off, with what has become its own', () => {
    const off = { type: 'PersonSplitOff', data: { survivorId: 'p2', set: { name: 'A.' } } } as const;
    expect(state(created, gone, off)).toEqual({ name: 'A.', archived: false });
    expect(person.decide.splitOff(state(created), { survivorId: 'p2', set: {} }, at)).toEqual([]);
  });
});

describe('a record that others were merged into', () => {
  it('knows every one that is a part of it, through edits, restrictions and an erasure', () => {
    expect(state(created, took)).toMatchObject({ name: 'Ada', ownerId: 'o1', mergedIds: ['p2', 'p3'] });
    const restricted = { type: 'PersonProcessingRestricted', data: { restriction: 'x' } } as const;
    expect(state(created, took, restricted)).toMatchObject({ mergedIds: ['p2', 'p3'], aside: { name: 'Ada' } });
    const erased = { type: 'PersonErased', data: { receiptId: 'r' } } as const;
    expect(state(created, took, erased)).toMatchObject({ erased: true, mergedIds: ['p2', 'p3'] });
  });

  it('is erased under every id', () => {
    const decided = person.decide.erase(state(created, took), { receiptId: 'r' }, at);
    expect(decided).toEqual([{ type: 'PersonErased', data: { receiptId: 'r', furtherIds: ['p2', 'p3'] } }]);
  });

  it('lets go of the last one first', () => {
    const both = state(created, took, again);
    const letGo = (otherId: string) => person.decide.letGo(both, { otherId, set: {} }, at);
    expect(letGo('p2')).toMatchObject({ code: 'merged-again-later', message: expect.stringContaining('p4') });
    expect(letGo('p9')).toMatchObject({ rejected: 'not-found', code: 'not-merged' });
    expect(letGo('p4')).toEqual([{ type: 'PersonUnmerged', data: { otherId: 'p4', set: {} } }]);
    const left = state(created, took, again, { type: 'PersonUnmerged', data: { otherId: 'p4', set: {} } });
    expect(left).toMatchObject({ mergedIds: ['p2', 'p3'] });
  });

  it('is not split by an undo, which would change one of the two', () => {
    const undone = undo(person, history(created, took), { eventId: 'e1', laterChanges: 'refuse' });
    expect(undone).toMatchObject({ code: 'split-instead' });
  });
});

describe('a merge', () => {
  const held = state(created, { type: 'PersonHoldPlaced', data: { hold: 'x' } });
  const archived = state(created, { type: 'PersonArchived', data: {} });
  const restricted = state(created, { type: 'PersonProcessingRestricted', data: { restriction: 'x' } });
  const erased = state(created, { type: 'PersonErased', data: { receiptId: 'r' } });

  it.each([
    ['nobody', null, 'person-not-found'],
    ['what is held', held, 'on-hold'],
    ['what is archived', archived, 'person-archived'],
    ['what is restricted', restricted, 'processing-restricted'],
    ['whom nobody knows any more', erased, 'erased'],
    ['what is a part of another', state(created, gone), 'merged'],
  ])('is refused of %s, on either side', (_, one, code) => {
    expect(person.decide.mergeInto(one, { survivorId: 'p2' }, at)).toMatchObject({ code });
    expect(person.decide.takeIn(one, { otherId: 'p2', set: {} }, at)).toMatchObject({ code });
  });

  it('is refused of a record with itself', () => {
    const decided = person.decide.mergeInto(state(created), { survivorId: 'p1' }, at);
    expect(decided).toMatchObject({ rejected: 'invalid', code: 'one-record', field: '/otherId' });
  });
});
