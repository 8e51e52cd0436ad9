import { describe, expect, it } from '@jest/globals';
import { type RecordedEvent, UTC } from '@rapport/kernel';
import { momentOf, upTo } from './as-of.js';

const event = (occurredAt: string, recordedAt: string): RecordedEvent =>
  ({ metadata: { occurredAt }, recordedAt }) as RecordedEvent;

describe('as of', () => {
  it('takes a day for its end, and an instant in any zone for what it is in UTC', () => {
    expect(momentOf('2017-06-30', UTC)).toBe('2017-06-30T23:59:59.999Z');
    expect(momentOf('2016-12-31T23:59:60Z', UTC)).toBe('2016-12-31T23:59:59.999Z');
    expect(momentOf('2017-06-30T12:00:00+02:00', UTC)).toBe('2017-06-30T10:00:00.000Z');
  });

  it('asks by when it happened, or by when it was known', () => {
    const imported = event('2016-10-20T00:00:00.000Z', '2026-01-01T09:00:00.000Z');
    expect(upTo([imported], momentOf('2016-10-20', UTC), 'occurred')).toEqual([imported]);
    expect(upTo([imported], momentOf('2025-12-31', UTC), 'recorded')).toEqual([]);
    expect(upTo([imported], momentOf('2016-10-19', UTC), 'occurred')).toEqual([]);
  });

  it('knows with an event all before it, also where a clock was ahead', () => {
    const [first, ahead, after, later] = ['09:00', '09:30', '09:01', '09:40'].map((time) =>
      event('2026-01-01T00:00:00.000Z', `2026-01-01T${time}:00.000Z`),
    );
    const history = [first!, ahead!, after!, later!];
    const known = (time: string) => upTo(history, `2026-01-01T${time}:00.000Z`, 'recorded');
    expect(known('09:00')).toEqual([first]);
    expect(known('09:02')).toEqual([first, ahead, after]);
    expect(known('09:35')).toEqual([first, ahead, after]);
  });
});
