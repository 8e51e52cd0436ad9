import { expect, it } from '@jest/globals';
import { fixedClock } from '@rapport/kernel';
import { requireRecent } from './recent-sign-in.js';

const clock = fixedClock('2026-01-01T09:00:00.000Z');
const ago = (minutes: number): number => clock.now().getTime() - minutes * 60_000;

it('what says how somebody comes in asks for a sign-in of the last quarter of an hour, of sessions alone', () => {
  expect(() => requireRecent({ signedInAt: undefined }, clock)).not.toThrow();
  expect(() => requireRecent({ signedInAt: ago(14) }, clock)).not.toThrow();
  for (const minutes of [15, 1_000])
    expect(() => requireRecent({ signedInAt: ago(minutes) }, clock)).toThrow(/Sign in again/);
});
