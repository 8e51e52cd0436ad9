import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { signIn, type SignInEvent } from './sign-in.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'u1' };
const proposed: SignInEvent = { type: 'SecondFactorProposed', data: { secret: 'ABC' } };
const confirmed: SignInEvent = { type: 'SecondFactorConfirmed', data: { step: 7, recovery: ['r1', 'r2'] } };
const active = [proposed, confirmed];

describe('a second factor', () => {
  it('counts once a code of it was confirmed', () => {
    const confirm = (history: SignInEvent[]) =>
      signIn.decide.confirmFactor(fold(signIn, history), { step: 7, recovery: ['r1', 'r2'] }, at);
    expect(confirm([])).toMatchObject({ code: 'nothing-proposed' });
    expect(fold(signIn, [proposed])).not.toHaveProperty('factor');
    expect(confirm([proposed])).toEqual([confirmed]);
    expect(fold(signIn, active)).toMatchObject({ factor: { secret: 'ABC', step: 7, recovery: ['r1', 'r2'] } });
    expect(confirm(active)).toMatchObject({ code: 'nothing-proposed' });
  });

  it('takes no code twice, nor one of before', () => {
    const used = (step: number, ...more: SignInEvent[]) =>
      signIn.decide.useCode(fold(signIn, [...active, ...more]), { step }, at);
    expect([6, 7].map((step) => used(step))).toEqual([6, 7].map(() => expect.objectContaining({ code: 'code-used' })));
    expect(used(8)).toEqual([{ type: 'SecondFactorUsed', data: { step: 8 } }]);
    expect(used(8, { type: 'SecondFactorUsed', data: { step: 8 } })).toMatchObject({ code: 'code-used' });
  });

  it('takes each code for who has lost the app once', () => {
    const used: SignInEvent = { type: 'RecoveryCodeUsed', data: { digest: 'r1' } };
    const use = (...history: SignInEvent[]) => signIn.decide.useRecovery(fold(signIn, history), { digest: 'r1' }, at);
    expect(use(...active)).toEqual([used]);
    expect(use(...active, used)).toMatchObject({ code: 'code-used' });
    expect(use()).toMatchObject({ code: 'code-used' });
  });

  it('goes when it is removed, and stays when another password is chosen', () => {
    const removed: SignInEvent = { type: 'SecondFactorRemoved', data: {} };
    expect(signIn.decide.removeFactor(fold(signIn, active), {}, at)).toEqual([removed]);
    expect(signIn.decide.removeFactor(fold(signIn, [...active, removed]), {}, at)).toEqual([]);
    expect(fold(signIn, [...active, { type: 'PasswordSet', data: { hash: 'h' } }])).toMatchObject({
      factor: { secret: 'ABC' },
      hash: 'h',
    });
  });
});
