import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { duplicate, pairId, pairOf, pairOfAccounts, pairOfKind, recordsOf } from './duplicate.js';

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

  const found = { type: 'DuplicateFound', data: { ...pair, score: 23, verdict: 'likely' } } as const;
  const lost = { type: 'DuplicateLost', data: {} } as const;
  const merged = { type: 'DuplicateMerged', data: {} } as const;
  const likeness = { ...pair, score: 23, verdict: 'likely' } as const;

  it('given they were not known, when they are found, then that is remembered, once for each likeness', () => {
    expect(duplicate.decide.find(null, likeness, now)).toEqual([found]);
    expect(duplicate.decide.find(fold(duplicate, [found]), likeness, now)).toEqual([]);
    expect(duplicate.decide.find(fold(duplicate, [found]), { ...likeness, score: 30 }, now)).toHaveLength(1);
    expect(fold(duplicate, [found])).toEqual({ ...likeness, status: 'open' });
  });

  it('given they were dismissed, when they are found again, then they stay dismissed', () => {
    expect(fold(duplicate, [dismissed, found])).toEqual({ ...likeness, status: 'dismissed' });
    expect(fold(duplicate, [found, dismissed, reopened])).toEqual({ ...likeness, status: 'open' });
  });

  it('given they were found, when they are alike no more, then what was decided about them stays', () => {
    expect(duplicate.decide.lose(fold(duplicate, [found]), {}, now)).toEqual([lost]);
    expect(fold(duplicate, [found, dismissed, lost])).toEqual({ ...pair, status: 'dismissed' });
    for (const history of [[], [found, lost], [found, merged]])
      expect(duplicate.decide.lose(fold(duplicate, history), {}, now)).toEqual([]);
  });

  it('given they were found, when one is merged into the other, then that is said, until they are found again', () => {
    expect(duplicate.decide.merge(fold(duplicate, [found]), {}, now)).toEqual([merged]);
    expect(fold(duplicate, [found, merged])).toEqual({ ...likeness, status: 'merged' });
    expect(duplicate.decide.find(fold(duplicate, [found, merged]), likeness, now)).toEqual([found]);
    expect(fold(duplicate, [found, merged, found])).toEqual({ ...likeness, status: 'open' });
    for (const history of [[], [found, lost], [found, merged]])
      expect(duplicate.decide.merge(fold(duplicate, history), {}, now)).toEqual([]);
  });

  it('given nothing, then what is told of it says nothing', () => {
    for (const event of [lost, merged, reopened]) expect(fold(duplicate, [event])).toBeNull();
  });

  it('may be accounts, which are no contacts of the same ids', () => {
    const accounts = pairOfAccounts('b', 'a');
    expect(accounts).toEqual({ accountId: 'a', otherAccountId: 'b' });
    expect(pairId(accounts)).not.toBe(pairId(pair));
    expect(pairOfKind('account', 'a', 'b')).toEqual(accounts);
    expect(pairOfKind('contact', 'a', 'b')).toEqual(pair);
    expect(recordsOf(accounts)).toEqual({ kind: 'account', recordId: 'a', otherId: 'b' });
    expect(recordsOf(pair)).toEqual({ kind: 'contact', recordId: 'a', otherId: 'b' });
    expect(duplicate.decide.dismiss(null, accounts, now)).toEqual([{ type: 'DuplicateDismissed', data: accounts }]);
  });
});
