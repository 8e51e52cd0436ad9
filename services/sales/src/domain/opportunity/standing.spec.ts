import { describe, expect, it } from '@jest/globals';
import { timeZone, UTC } from '@rapport/kernel';
import fc from 'fast-check';
import { staleBefore, standingAt } from './standing.js';

const placed = { status: 'open', archived: false, stageEnteredAt: '2026-03-01T23:30:00.000Z' };

describe('how long an opportunity stands in its stage', () => {
  it('is counted in days of the zone, and may be too long', () => {
    const allowed = { staleAfterDays: 1 };
    expect(standingAt(placed, allowed, '2026-03-02T23:00:00.000Z', UTC)).toEqual({ daysInStage: 1, stale: false });
    expect(standingAt(placed, allowed, '2026-03-03T00:00:00.000Z', UTC)).toEqual({ daysInStage: 2, stale: true });
    const paris = timeZone('Europe/Paris');
    expect(standingAt(placed, allowed, '2026-03-03T00:00:00.000Z', paris)).toEqual({ daysInStage: 1, stale: false });
    expect(standingAt(placed, {}, '2027-03-03T00:00:00.000Z', UTC)).toEqual({ daysInStage: 367, stale: false });
  });

  it('is nobody’s concern once it is closed or put away', () => {
    const [allowed, at] = [{ staleAfterDays: 1 }, '2027-01-01T00:00:00.000Z'];
    expect(standingAt({ ...placed, status: 'won' }, allowed, at, UTC)).toEqual({ stale: false });
    expect(standingAt({ ...placed, archived: true }, allowed, at, UTC)).toMatchObject({ stale: false });
  });

  it('is asked for by the instant before which it came there', () => {
    const zone = timeZone('America/Los_Angeles');
    const instant = fc
      .date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    fc.assert(
      fc.property(instant, instant, fc.integer({ min: 1, max: 300 }), (stageEnteredAt, at, staleAfterDays) => {
        const { stale } = standingAt({ ...placed, stageEnteredAt }, { staleAfterDays }, at, zone);
        expect(stageEnteredAt < staleBefore(staleAfterDays, at, zone)).toBe(stale);
      }),
    );
  });
});
