import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newRecoveryCode, newTotpSecret, recoveryCode, stepOf, totp, totpUrl } from './totp.js';

/** "12345678901234567890", as RFC 6238 has it in its appendix B. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const isSame = (one: string, other: string): boolean => one === other;

describe('codes of an app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %d s', (seconds, code) => {
    expect(totp(SECRET, Math.floor(seconds / 30))).toBe(code);
  });

  it('are good in their own half minute and those beside it, blanks or not', () => {
    const [step, begin] = [37_037_036, 1_111_111_080];
    const at = (seconds: number) => stepOf(SECRET, '081 804', new Date((begin + seconds) * 1000), isSame);
    expect([-30, -1, 0, 29, 30, 59].map(at)).toEqual(Array<number>(6).fill(step));
    expect([-31, 60].map(at)).toEqual([undefined, undefined]);
  });

  it('differ between any two secrets, which are made of what apps read', () => {
    fc.assert(
      fc.property(fc.nat(1e9), (step) => {
        const [one, other] = [newTotpSecret(), newTotpSecret()];
        expect(one).toMatch(/^[A-Z2-7]{32}$/);
        expect(one).not.toBe(other);
        expect(totp(one, step)).toMatch(/^\d{6}$/);
      }),
    );
    expect(totpUrl('ABC', 'ada@example.org')).toBe(
      'otpauth://totp/Rapport%3Aada%40example.org?secret=ABC&issuer=Rapport',
    );
  });
});

it('a recovery code is read however it is typed', () => {
  const code = newRecoveryCode();
  expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
  expect(recoveryCode(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toBe(recoveryCode(code));
});
