import { describe, expect, it } from '@jest/globals';
import { fold, reject } from './decider.js';
import type { RecordedEvent } from './event.js';
import { recordDecider } from './record.js';
import { differences, undo } from './undo.js';

interface BoatFields {
  name: string;
  length?: number;
  tags?: readonly string[];
}

const boat = recordDecider<'Boat', BoatFields>('boat', 'Boat');
const at = { at: '2026-01-01T00:00:00.000Z', id: 'b1' };
const created = { type: 'BoatCreated', data: { name: 'Ida', length: 9 } } as const;
const edited = { type: 'BoatEdited', data: { set: { name: 'Ada', length: null } } } as const;

const recorded = (events: readonly { type: string; data: object }[]): RecordedEvent[] =>
  events.map((event, revision) => ({ ...event, id: `e${revision}`, revision }) as RecordedEvent);

describe('a plain record', () => {
  it('is created once', () => {
    expect(boat.decide.create(null, { name: 'Ida' }, at)).toEqual([{ type: 'BoatCreated', data: { name: 'Ida' } }]);
    expect(boat.decide.create(fold(boat, [created]), { name: 'Ida' }, at)).toMatchObject({
      rejected: 'already-exists',
    });
  });

  it('edits only what changes, and nothing when nothing does', () => {
    const state = fold(boat, [created]);
    expect(boat.decide.edit(state, { set: { name: 'Ida', length: 10 } }, at)).toEqual([
      { type: 'BoatEdited', data: { set: { length: 10 } } },
    ]);
    expect(boat.decide.edit(state, { set: { name: 'Ida', length: 9, tags: null } }, at)).toEqual([]);
  });

  it('refuses edits of the missing and the archived', () => {
    expect(boat.decide.edit(null, { set: {} }, at)).toMatchObject({ rejected: 'not-found' });
    const archived = fold(boat, [created, { type: 'BoatArchived', data: {} }]);
    expect(boat.decide.edit(archived, { set: { name: 'x' } }, at)).toMatchObject({ code: 'boat-archived' });
    expect(boat.decide.restore(archived, {}, at)).toEqual([{ type: 'BoatRestored', data: {} }]);
  });

  it('removes emptied fields', () => {
    expect(fold(boat, [created, edited])).toEqual({ name: 'Ada', archived: false });
    expect(differences(fold(boat, [created]), fold(boat, [created, edited]))).toEqual([
      { field: 'name', from: 'Ida', to: 'Ada' },
      { field: 'length', from: 9, to: null },
    ]);
  });
});

describe('undo', () => {
  it('gives back what the change took', () => {
    const decision = undo(boat, recorded([created, edited]), { eventId: 'e1', laterChanges: 'refuse' });
    expect(decision).toEqual([
      {
        type: 'BoatChangeUndone',
        data: { undone: { eventId: 'e1', type: 'BoatEdited', revision: 1 }, set: { name: 'Ida', length: 9 } },
      },
    ]);
    expect(fold(boat, [created, edited, ...(decision as never[])])).toEqual({
      name: 'Ida',
      length: 9,
      archived: false,
    });
  });

  it('refuses, or keeps, what was changed again later', () => {
    const history = recorded([created, edited, { type: 'BoatEdited', data: { set: { name: 'Eda' } } }]);
    expect(undo(boat, history, { eventId: 'e1', laterChanges: 'refuse' })).toMatchObject({
      code: 'changed-again-later',
    });
    expect(undo(boat, history, { eventId: 'e1', laterChanges: 'keep' })).toMatchObject([
      { data: { set: { length: 9 } } },
    ]);
  });

  it('keeps to the rules of the aggregate', () => {
    const named = recordDecider<'Boat', BoatFields>('boat', 'Boat', ({ name, length }, before) =>
      name === before?.name || name !== '' || length ? undefined : reject('invalid', 'nameless', 'Name it.', '/name'),
    );
    const nameless = { type: 'BoatCreated', data: { name: '', length: 9 } };
    const history = recorded([
      nameless,
      { type: 'BoatEdited', data: { set: { name: 'Ida' } } },
      { type: 'BoatEdited', data: { set: { length: null } } },
    ]);
    const order = { eventId: 'e1', laterChanges: 'keep' } as const;
    expect(undo(named, history, order)).toMatchObject({ code: 'nameless', field: '/name' });
    expect(undo(named, history.slice(0, 2), order)).toHaveLength(1);
    // What was so before may stay so.
    const old = recorded([
      { ...nameless, data: { name: '' } },
      { type: 'BoatEdited', data: { set: { tags: ['a'] } } },
    ]);
    expect(undo(named, old, order)).toHaveLength(1);
  });

  it('keeps what says one thing together', () => {
    const history = recorded([
      created,
      { type: 'BoatEdited', data: { set: { name: 'Ada', length: 10, tags: ['a'] } } },
      { type: 'BoatEdited', data: { set: { length: 11 } } },
    ]);
    const decision = undo({ ...boat, together: ['name', 'length'] }, history, { eventId: 'e1', laterChanges: 'keep' });
    expect(decision).toMatchObject([{ data: { set: { tags: null } } }]);
    expect(Object.keys((decision as unknown as [{ data: { set: object } }])[0].data.set)).toEqual(['tags']);
  });

  it('of a creation archives, and of an undo does the change again', () => {
    expect(undo(boat, recorded([created]), { eventId: 'e0', laterChanges: 'refuse' })).toMatchObject([
      { data: { set: { archived: true } } },
    ]);
    const first = undo(boat, recorded([created, edited]), { eventId: 'e1', laterChanges: 'refuse' }) as never[];
    const again = undo(boat, recorded([created, edited, ...first]), { eventId: 'e2', laterChanges: 'refuse' });
    expect(again).toMatchObject([{ data: { set: { name: 'Ada', length: null } } }]);
  });
});
