import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { duplicate, pairId, pairOf } from './duplicate.js';

const now = { at: '2026-01-01T00:00:00.000Z', id: 'd1' };
const pair = pairOf('b', 'a');
const dismissed = { type: 'DuplicateDismissed', data: pair } as const;
const reopened = { type: 'DuplicateReopened', data: {} } as const;

describe('two contacts that look like one person', () => {
  it('are one pair, whichever is named first', () => {
    expect(pair).toEqual({ contactId: 'a', otherContactId: 'b' });
    expect(pairId(pairOf('a', 'b'))).toBe(pairId(pair));
    expect(pairId(pairOf('a', 'c'))).not.toBe(pairId(pair));
  });

  it('given nothing, when they are dismissed, then that is remembered, once', () => {
    expect(duplicate.decide.dismiss(null, pair, now)).toEqual([dismissed]);
    expect(duplicate.decide.dismiss(fold(duplicate, [dismissed]), pair, now)).toEqual([]);
  });

  it('given they were dismissed, when that is undone, then they are open again', () => {
    expect(duplicate.decide.reopen(fold(duplicate, [dismissed]), {}, now)).toEqual([reopened]);
    expect(fold(duplicate, [dismissed, reopened])).toEqual({ ...pair, status: 'open' });
    expect(duplicate.decide.reopen(fold(duplicate, [dismissed, reopened]), {}, now)).toEqual([]);
    expect(duplicate.decide.dismiss(fold(duplicate, [dismissed, reopened]), pair, now)).toEqual([dismissed]);
  });

  it('given nobody said anything, when that is undone, then nothing happens', () => {
    expect(duplicate.decide.reopen(null, {}, now)).toEqual([]);
  });
});
