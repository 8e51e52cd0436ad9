import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import type { ErasureEvent, ErasureReceipt } from './erasure.events.js';
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
    expect(done).toEqual({ ...person, receipt });
    expect(erasure.decide.confirm(done, { ...receipt, events: 4 }, at)).toEqual([]);
  });
});
