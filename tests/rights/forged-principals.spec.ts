import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fixedClock, type Principal } from '@rapport/kernel';
import { methodPermissions, PrincipalSigner, PrincipalVerifier, type SignedCall } from '@rapport/service-kit';

const START = '2026-01-01T09:00:00.000Z';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519').privateKey;
const clock = fixedClock(START);
const signer = new PrincipalSigner(privateKey, clock);
const verifier = new PrincipalVerifier(publicKey, clock);
const principal: Principal = { tenant: 'main', actor: { kind: 'user', id: 'ada' }, roles: ['viewer'] };
const methods = [...methodPermissions.keys()];

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const call = (method: string, more: Partial<SignedCall> = {}): SignedCall => ({
  ...{ method, request: Buffer.from('asked'), marks: ['correlation', undefined, 'key', 3] },
  ...more,
});

/** What somebody may try who has seen a token, or knows the public key. */
const forgeries: Readonly<Record<string, (method: string) => string>> = {
  'signed with another key': (method) => new PrincipalSigner(stranger, clock).tokenFor(principal, call(method)),
  'for another tenant than was signed': (method) => {
    const [header, payload, signature] = signer.tokenFor(principal, call(method)).split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as object;
    return [header, encoded({ ...claims, tenant: 'other', roles: ['administrator'] }), signature].join('.');
  },
  'without a signature, as alg "none" has it': (method) => {
    const [, payload] = signer.tokenFor(principal, call(method)).split('.');
    return `${encoded({ alg: 'none' })}.${payload}.`;
  },
  'with the public key as the secret of HS256': (method) => {
    const [, payload] = signer.tokenFor(principal, call(method)).split('.');
    const signed = `${encoded({ alg: 'HS256' })}.${payload}`;
    const secret = publicKey.export({ type: 'spki', format: 'pem' });
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  },
  'with the right key under another header': (method) => {
    const [, payload] = signer.tokenFor(principal, call(method)).split('.');
    const signed = `${encoded({ alg: 'EdDSA', kid: 'mine' })}.${payload}`;
    return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  },
  'sent again for another method': (method) => {
    const [other] = methods.filter((each) => each !== method);
    return signer.tokenFor(principal, call(other!));
  },
  'sent again with another request': (method) =>
    signer.tokenFor(principal, call(method, { request: Buffer.from('other') })),
  'sent again under another key': (method) =>
    signer.tokenFor(principal, call(method, { marks: ['correlation', undefined, 'other', 3] })),
  'sent again much later': (method) => {
    clock.set('2026-01-01T08:58:00.000Z');
    const token = signer.tokenFor(principal, call(method));
    clock.set(START);
    return token;
  },
};

describe('who asks, as a service is told', () => {
  it.each(Object.entries(forgeries))('is refused %s, on every method of the contract', (_, forge) => {
    expect(methods.length).toBeGreaterThan(100);
    for (const method of methods)
      expect(() => verifier.principalIn(forge(method), call(method))).toThrow(
        expect.objectContaining({ kind: 'unauthenticated' }),
      );
  });

  it('is taken as it was signed', () => {
    for (const method of methods)
      expect(verifier.principalIn(signer.tokenFor(principal, call(method)), call(method))).toEqual(principal);
  });
});
