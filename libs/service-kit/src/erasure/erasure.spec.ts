import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import type { ErasureEvent, ErasurePart, ErasureReceipt } from './erasure.events.js';
import { erasure } from './erasure.js';

const person = { id: 'c1', ids: ['c1', 'lead-1'] };
const receipt: ErasureReceipt = {
  id: 'c1',
  erasedAt: '2026-01-01T00:00:00.000Z',
  actor: { kind: 'user', id: 'ada' },
  events: 3,
  digest: 'd',
};
const forgotten: ErasureEvent = { type: 'PersonForgotten', data: person };
const written: ErasureEvent = { type: 'ErasureReceiptWritten', data: receipt };
const part: ErasurePart = {
  ...{ context: 'contacts', state: 'done', doneAt: '2026-01-01T00:00:01.000Z' },
  ...{ keys: 2, facts: 3, files: 0, views: 5, taken: 0, takenAlong: [] },
};
const signed = { document: '{}', publicKey: 'k', signature: 's' };
const sealed: ErasureEvent = { type: 'ErasureReceiptSigned', data: signed };
const at = { at: '2026-01-01T00:00:00.000Z', id: 'r1' };

describe('an erasure', () => {
  it('forgets the person under every id, once', () => {
    expect(erasure.decide.forget(null, person, at)).toEqual([forgotten]);
    expect(erasure.decide.forget(fold(erasure, [forgotten]), person, at)).toEqual([]);
  });

  it('has one receipt, and none before the person is forgotten', () => {
    expect(erasure.decide.confirm(null, receipt, at)).toMatchObject({ rejected: 'not-found' });
    const state = fold(erasure, [forgotten]);
    expect(erasure.decide.confirm(state, receipt, at)).toEqual([written]);
    const done = fold(erasure, [forgotten, written]);
    expect(done).toEqual({ forgotten: person, receipt, parts: [] });
    expect(erasure.decide.confirm(done, { ...receipt, events: 4 }, at)).toEqual([]);
  });

  it('notes what each other context did once, and nothing once it is signed', () => {
    const noted: ErasureEvent = { type: 'ErasurePartNoted', data: { part } };
    expect(erasure.decide.notePart(null, part, at)).toMatchObject({ rejected: 'not-found' });
    expect(erasure.decide.notePart(fold(erasure, [forgotten]), part, at)).toEqual([noted]);
    expect(erasure.decide.notePart(fold(erasure, [forgotten, noted]), { ...part, keys: 7 }, at)).toEqual([]);
    expect(erasure.decide.notePart(fold(erasure, [forgotten, written, sealed]), part, at)).toEqual([]);
  });

  it('is signed once, and not before it is confirmed where it began', () => {
    expect(erasure.decide.sign(fold(erasure, [forgotten]), signed, at)).toMatchObject({ rejected: 'not-found' });
    expect(erasure.decide.sign(fold(erasure, [forgotten, written]), signed, at)).toEqual([sealed]);
    const done = fold(erasure, [forgotten, written, sealed]);
    expect(done).toMatchObject({ signed });
    expect(erasure.decide.sign(done, { ...signed, document: '[]' }, at)).toEqual([]);
  });

  it('that began elsewhere is what was done here, once', () => {
    const data = { from: 'sales', id: 'c1', part };
    const took: ErasureEvent = { type: 'ErasurePartDone', data };
    expect(erasure.decide.takePart(null, data, at)).toEqual([took]);
    const state = fold(erasure, [took]);
    expect(erasure.decide.takePart(state, { ...data, from: 'identity' }, at)).toEqual([]);
    // Another context's receipt is not written here.
    expect(erasure.decide.confirm(state, receipt, at)).toMatchObject({ rejected: 'not-found' });
  });
});
