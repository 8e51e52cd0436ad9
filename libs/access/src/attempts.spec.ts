import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainError } from '@rapport/kernel';
import { Attempts } from './attempts.js';

let now = 0;
let attempts: Attempts;
beforeEach(() => {
  now = 1_000;
  attempts = new Attempts(() => now);
});

/** Seconds that somebody has to wait; 0 who may try. */
const tried = (account: string, address: string): number => {
  try {
    attempts.begin(account, address);
    return 0;
  } catch (failure) {
    return (failure as DomainError).details.retryAfterSeconds!;
  }
};

describe('whoever fails to sign in', () => {
  it('waits longer each time, per account', () => {
    const waits: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const wait = tried('ada', `address ${n}`);
      waits.push(wait);
      now += wait * 1000;
    }
    expect(waits.filter((wait) => wait > 0).slice(0, 5)).toEqual([1, 2, 4, 8, 16]);
    expect(tried('bo', 'elsewhere')).toBe(0);
  });

  it('never waits longer than a quarter of an hour, and may begin anew after a day', () => {
    for (let n = 0; n < 60; n += 1) now += tried('ada', `address ${n}`) * 1000;
    expect(tried('ada', 'x')).toBeLessThanOrEqual(900);
    now += 25 * 3_600_000;
    for (let n = 0; n < 4; n += 1) expect(tried('ada', 'x')).toBe(0);
  });

  it('waits per address, whichever accounts are tried', () => {
    const waits = Array.from({ length: 40 }, (_, n) => tried(`account ${n}`, 'one'));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(30);
  });

  it('counts from the beginning, so that many at once are many', () => {
    const waits = Array.from({ length: 10 }, () => tried('ada', 'one'));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  });

  it('is forgiven by succeeding', () => {
    for (let n = 0; n < 4; n += 1) tried('ada', 'one');
    attempts.begin('ada', 'one').succeeded();
    for (let n = 0; n < 4; n += 1) expect(tried('ada', 'one')).toBe(0);
  });
});
