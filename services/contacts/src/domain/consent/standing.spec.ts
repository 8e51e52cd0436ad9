import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type StandingEntry, standingsOf } from './standing.js';

let count = 0;
const entry = (said: Partial<StandingEntry>): StandingEntry => {
  count += 1;
  const at = `2026-01-01T00:00:${String(count).padStart(2, '0')}.000Z`;
  const matter = { contactId: 'ada', addressKey: 'k', channel: 'email', topic: 'news', purpose: 'marketing' };
  return { id: `e${count}`, ...matter, state: 'granted', occurredAt: at, recordedAt: at, ...said };
};

describe('what stands', () => {
  it('is the latest of what was said', () => {
    const entries = [entry({}), entry({ state: 'withdrawn' }), entry({ topic: 'offers' })];
    expect(standingsOf(entries)).toMatchObject([
      { topic: 'news', state: 'withdrawn', consentId: entries[1]!.id },
      { topic: 'offers', state: 'granted' },
    ]);
  });

  it('follows from when it was said, not from when it was recorded', () => {
    const late = entry({ state: 'withdrawn', occurredAt: '2020-01-01T00:00:00.000Z' });
    expect(standingsOf([entry({}), late])).toMatchObject([{ state: 'granted' }]);
  });

  it('is withdrawn for every topic, purpose and person that a withdrawal leaves open', () => {
    const all = entry({ topic: undefined, purpose: undefined, contactId: undefined, state: 'withdrawn' });
    const [news, bob] = [entry({ occurredAt: '2025-01-01' }), entry({ contactId: 'bob', occurredAt: '2025-01-01' })];
    for (const { state } of standingsOf([news, bob, all])) expect(state).toBe('withdrawn');
    expect(standingsOf([all, entry({})])).toMatchObject([{ state: 'withdrawn' }, { state: 'granted' }]);
  });

  it('is what was said last in either of two ledgers that are one, and the stricter of what was said at once', () => {
    const [at, then] = ['2025-01-01', '2024-01-01'];
    const under = (recordedUnder: string, said: Partial<StandingEntry>) => entry({ recordedUnder, ...said });
    const stateOf = (...entries: readonly StandingEntry[]) => standingsOf(entries)[0]!.state;
    const granted = under('ada', { occurredAt: at });
    expect(stateOf(granted, under('king', { occurredAt: then, state: 'withdrawn' }))).toBe('granted');
    expect(stateOf(under('king', { occurredAt: at, state: 'withdrawn' }), granted)).toBe('withdrawn');
    expect(stateOf(under('king', { occurredAt: at, state: 'objected' }), granted)).toBe('objected');
    // In one ledger what was recorded later mends what was recorded before.
    expect(stateOf(under('ada', { occurredAt: at, state: 'withdrawn' }), under('ada', { occurredAt: at }))).toBe(
      'granted',
    );
  });

  it('is nothing for another address or channel', () => {
    const others = [entry({ addressKey: 'k2', state: 'withdrawn' }), entry({ channel: 'sms', state: 'withdrawn' })];
    expect(standingsOf([entry({ occurredAt: '2025-01-01' }), ...others])[0]).toMatchObject({ state: 'granted' });
  });

  it('is no grant once nothing proves it; an objection stands', () => {
    expect(standingsOf([entry({ expired: true })])).toMatchObject([{ state: 'unproven' }]);
    expect(standingsOf([entry({ expired: true, state: 'objected' })])).toMatchObject([{ state: 'objected' }]);
  });

  it('is the same in whatever order entries are found, and never granted after a later withdrawal of everything', () => {
    const part = <T>(...values: readonly T[]) => fc.constantFrom(...values);
    const said = fc.record({
      ...{ contactId: part(undefined, 'ada', 'bob'), topic: part(undefined, 'news', 'offers') },
      ...{ purpose: part(undefined, 'marketing'), state: part('granted', 'withdrawn', 'objected') },
      ...{ addressKey: part('k', 'l'), expired: fc.boolean(), occurredAt: part('2025', '2026', '2027') },
    });
    const entries = fc.array(said).map((all) => all.map((each) => entry(each)));
    fc.assert(
      fc.property(entries, fc.gen(), (all, draw) => {
        const shuffled = draw(fc.shuffledSubarray, all, { minLength: all.length });
        const sorted = (of: readonly StandingEntry[]) =>
          standingsOf(of)
            .map((each) => JSON.stringify(each))
            .sort();
        expect(sorted(shuffled)).toEqual(sorted(all));
        const everything = entry({
          ...{ contactId: undefined, topic: undefined, purpose: undefined, addressKey: 'k' },
          ...{ state: 'withdrawn', occurredAt: '2028' },
        });
        const after = standingsOf([...all, everything]).filter(({ addressKey }) => addressKey === 'k');
        expect(after.every(({ state }) => state === 'withdrawn')).toBe(true);
      }),
    );
  });
});
