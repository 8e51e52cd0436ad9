import { describe, expect, it } from '@jest/globals';
import { fold } from '@rapport/kernel';
import { signIn } from './sign-in.js';

const at = { at: '2026-01-01T00:00:00.000Z', id: 'u1' };
const link = (digest: string) =>
  ({ type: 'SignInLinkIssued', data: { digest, expiresAt: '2026-01-02T00:00:00.000Z' } }) as const;
const set = (hash: string) => ({ type: 'PasswordSet', data: { hash } }) as const;
const isSame = (one: string, other: string): boolean => one === other;
const asked = (digest: string) => ({ digest, hash: 'h', isSame });

describe('signing in', () => {
  it('begins with a link that is good once, for a while', () => {
    const invited = fold(signIn, [link('a')]);
    expect(signIn.decide.setPassword(invited, asked('a'), at)).toEqual([set('h')]);
    const ended = { code: 'link-ended' };
    expect(signIn.decide.setPassword(fold(signIn, [link('a'), set('h')]), asked('a'), at)).toMatchObject(ended);
    expect(signIn.decide.setPassword(fold(signIn, [link('a'), link('b')]), asked('a'), at)).toMatchObject(ended);
    expect(signIn.decide.setPassword(invited, asked('b'), at)).toMatchObject(ended);
    expect(signIn.decide.setPassword(invited, asked('a'), { ...at, at: '2026-01-02T00:00:00.000Z' })).toMatchObject(
      ended,
    );
    expect(signIn.decide.setPassword(fold(signIn, []), asked('a'), at)).toMatchObject(ended);
  });

  it('goes on with another password, under another number', () => {
    expect(fold(signIn, [link('a'), set('h'), link('b'), set('i')])).toMatchObject({ hash: 'i', generation: 2 });
  });

  it('is over when the key of the person is destroyed', () => {
    expect(fold(signIn, [link('a'), { type: 'PasswordSet', data: {} }])).not.toHaveProperty('hash');
  });
});
