import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import fc from 'fast-check';
import { deletion, type DeletionCommands, deletionDue, isClosed } from './deletion.js';
import type { DeletionCheck, DeletionEvent, DeletionPart } from './deletion.events.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'd' };
const order = { receiptId: 'r1', dueAt: '2026-01-08T00:00:00.000Z' };
const requested: DeletionEvent = { type: 'WorkspaceDeletionRequested', data: order };
const cancelled: DeletionEvent = { type: 'WorkspaceDeletionCancelled', data: {} };
const begun: DeletionEvent = { type: 'WorkspaceDeletionBegun', data: { receiptId: 'r1' } };
const released: DeletionEvent = { type: 'WorkspaceDeletionReleased', data: { receiptId: 'r1' } };
const stopped: DeletionEvent = { type: 'WorkspaceDeletionStopped', data: { receiptId: 'r1', holds: [] } };
const looked: DeletionCheck = { receiptId: 'r1', context: 'sales', because: 'e1', held: 0, holds: [] };
const part: DeletionPart = { context: 'sales', doneAt: at.at, events: 3, streams: 2, documents: 1, files: 0 };
const removed = { receiptId: 'r1', part, keys: 4 };
const signed = { document: '{}', publicKey: 'k', signature: 's' };
const after = (...events: readonly DeletionEvent[]) => fold(deletion, events);
const { decide } = deletion;

describe('the deletion of a workspace', () => {
  it('is asked for once at a time, and again once it was cancelled or stopped', () => {
    expect(decide.request(null, order, at)).toEqual([requested]);
    expect(decide.request(after(requested), order, at)).toMatchObject({ code: 'deletion-requested' });
    for (const over of [cancelled, stopped]) {
      const again = { ...order, receiptId: 'r2' };
      expect(decide.request(after(requested, over), again, at)).toEqual([{ ...requested, data: again }]);
    }
  });

  it('is cancelled until it begins', () => {
    expect(decide.cancel(after(requested), {}, at)).toEqual([cancelled]);
    expect(decide.cancel(after(requested, cancelled), {}, at)).toEqual([]);
    for (const state of [null, after(requested, begun), after(requested, stopped)])
      expect(decide.cancel(state, {}, at)).toMatchObject({ code: 'no-deletion' });
  });

  it('begins when its time is over, unless it was cancelled', () => {
    expect(deletionDue.dueAt(requested, undefined as never)).toBe(order.dueAt);
    for (const over of [cancelled, begun, stopped]) expect(deletionDue.dueAt(over, undefined as never)).toBeNull();
    expect(decide.begin(after(requested), {}, at)).toEqual([begun]);
    for (const state of [null, after(requested, cancelled), after(requested, begun)])
      expect(decide.begin(state, {}, at)).toEqual([]);
  });

  it('notes what each context found once for each time that it looked, and nothing of an older order', () => {
    const checked = { type: 'WorkspaceDeletionChecked', data: looked } as const;
    expect(decide.check(after(requested), looked, at)).toEqual([checked]);
    expect(decide.check(after(requested, checked), looked, at)).toEqual([]);
    const second = { ...looked, because: 'e2' };
    expect(decide.check(after(requested, checked, begun), second, at)).toHaveLength(1);
    expect(decide.check(after({ ...requested, data: { ...order, receiptId: 'r2' } }), looked, at)).toEqual([]);
    expect(decide.check(null, looked, at)).toEqual([checked]);
  });

  it('is released once begun, and cannot be stopped any more', () => {
    expect(decide.release(after(requested), { receiptId: 'r1' }, at)).toEqual([]);
    expect(decide.release(after(requested, begun), { receiptId: 'r1' }, at)).toEqual([released]);
    expect(decide.stop(after(requested, begun), { receiptId: 'r1', holds: [] }, at)).toEqual([stopped]);
    expect(decide.stop(after(requested, begun, released), { receiptId: 'r1', holds: [] }, at)).toEqual([]);
  });

  it('counts each part once, and is signed once', () => {
    const done = { type: 'WorkspaceDeletionPartDone', data: removed } as const;
    expect(decide.finish(after(requested, begun), removed, at)).toEqual([]);
    expect(decide.finish(after(requested, begun, released), removed, at)).toEqual([done]);
    expect(decide.finish(after(requested, begun, released, done), removed, at)).toEqual([]);
    const sign: DeletionEvent = { type: 'WorkspaceDeletionReceiptSigned', data: { receiptId: 'r1', signed } };
    expect(decide.sign(after(requested, begun, released, done), { receiptId: 'r1', signed }, at)).toEqual([sign]);
    expect(decide.sign(after(requested, begun, released, done, sign), { receiptId: 'r1', signed }, at)).toEqual([]);
  });

  it('never lets anybody in again once it was released, whatever is asked for then', () => {
    const asked = fc.constantFrom<keyof DeletionCommands>(
      ...(['request', 'cancel', 'begin', 'check', 'stop', 'release', 'finish', 'sign'] as const),
    );
    const input = { ...order, ...looked, ...removed, signed };
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 20 }), (commands) => {
        let history: readonly DeletionEvent[] = [requested, begun, released];
        for (const command of commands) {
          const decided = decide[command](after(...history), input as never, at);
          if (Array.isArray(decided)) history = [...history, ...(decided as DeletionEvent[])];
          expect(isClosed(after(...history))).toBe(true);
        }
      }),
    );
  });
});
