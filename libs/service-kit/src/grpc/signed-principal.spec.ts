import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { fixedClock, type Principal } from '@rapport/kernel';
import { PrincipalSigner, PrincipalVerifier, privateKeyFrom, publicKeyFrom } from './signed-principal.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const principal: Principal = {
  tenant: 'main',
  actor: { kind: 'apiKey', id: 'k1', onBehalfOf: 'ada' },
  roles: ['sales', 'viewer'],
};
const START = '2026-01-01T09:00:00.000Z';
const clock = fixedClock(START);
const after = (minutes: number): void => clock.set(new Date(Date.parse(START) + minutes * 60_000).toISOString());
let tokens: PrincipalSigner;
let verifier: PrincipalVerifier;

beforeEach(() => {
  clock.set(START);
  tokens = new PrincipalSigner(privateKey, clock);
  verifier = new PrincipalVerifier(publicKey, clock);
});

const parted = (token: string): [string, string, string] => token.split('.') as [string, string, string];
const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const decoded = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;

describe('a signed principal', () => {
  it('is the one that was signed, without asking for the signature twice', async () => {
    const token = await tokens.tokenFor(principal);
    const first = await verifier.principalIn(token);
    expect(first).toEqual(principal);
    expect(await verifier.principalIn(token)).toBe(first);
  });

  it('is signed once for a while, then anew', async () => {
    const token = await tokens.tokenFor(principal);
    after(2);
    expect(await tokens.tokenFor(principal)).toBe(token);
    after(3);
    expect(await tokens.tokenFor(principal)).not.toBe(token);
    expect(await tokens.tokenFor({ ...principal })).not.toBe(token);
  });

  it('holds for machines whose clocks differ by less than five minutes, and no longer', async () => {
    const token = await tokens.tokenFor(principal);
    after(-4);
    expect(await verifier.principalIn(token)).toEqual(principal);
    after(9);
    expect(await verifier.principalIn(token)).toEqual(principal);
    after(11);
    await expect(verifier.principalIn(token)).rejects.toMatchObject({
      kind: 'unauthenticated',
      code: 'principal-expired',
    });
  });

  it('may not be missing', async () => {
    await expect(verifier.principalIn(undefined)).rejects.toMatchObject({ code: 'principal-missing' });
  });

  it('may not be changed in any part', async () => {
    const [header, payload, signature] = parted(await tokens.tokenFor(principal));
    const raised = encoded({ ...decoded(payload), roles: ['administrator'] });
    const unsigned = encoded({ alg: 'none' });
    const shared = encoded({ alg: 'HS256' });
    for (const token of [
      `${header}.${raised}.${signature}`,
      `${unsigned}.${raised}.`,
      `${shared}.${payload}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}`,
      '',
      'no token',
    ])
      await expect(verifier.principalIn(token)).rejects.toMatchObject({
        kind: 'unauthenticated',
        code: 'principal-invalid',
      });
  });

  it('of another key, for another audience or without an end is refused', async () => {
    const stranger = new PrincipalSigner(generateKeyPairSync('ed25519').privateKey, clock);
    const signed = (change: (jwt: SignJWT) => SignJWT): Promise<string> =>
      change(
        new SignJWT({ ...principal })
          .setProtectedHeader({ alg: 'EdDSA' })
          .setIssuer('rapport.gateway')
          .setAudience('rapport.services')
          .setExpirationTime(clock.now().getTime() / 1000 + 60),
      ).sign(privateKey);
    const { exp: _, ...endless } = { ...principal, exp: 0, iss: 'rapport.gateway', aud: 'rapport.services' };
    const refused = [
      await stranger.tokenFor(principal),
      await signed((jwt) => jwt.setAudience('somebody.else')),
      await signed((jwt) => jwt.setIssuer('somebody.else')),
      await new SignJWT(endless).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey),
    ];
    expect(await verifier.principalIn(await signed((jwt) => jwt))).toEqual(principal);
    for (const token of refused)
      await expect(verifier.principalIn(token)).rejects.toMatchObject({ code: 'principal-invalid' });
  });
});

describe('a key', () => {
  it('is read from PEM, each half for its own use only', () => {
    const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(privateKeyFrom(privatePem, 'here').equals(privateKey)).toBe(true);
    expect(publicKeyFrom(publicPem, 'here').equals(publicKey)).toBe(true);
    const other = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const pem of [privatePem, other, 'nonsense'])
      expect(() => publicKeyFrom(pem, 'RAPPORT_KEY')).toThrow(/^RAPPORT_KEY (?!.*PRIVATE)/);
    expect(() => privateKeyFrom(publicPem, 'RAPPORT_KEY')).toThrow('npm run keys');
  });
});
