import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { compactVerify } from 'jose';
import { fixedClock, type Principal } from '@rapport/kernel';
import {
  PrincipalSigner,
  PrincipalVerifier,
  privateKeyFrom,
  publicKeyFrom,
  type SignedCall,
} from './signed-principal.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const principal: Principal = {
  tenant: 'main',
  actor: { kind: 'apiKey', id: 'k1', onBehalfOf: 'ada' },
  roles: ['sales', 'viewer'],
};
const call: SignedCall = {
  method: 'rapport.contacts.v1.ContactsService/GetContact',
  request: Buffer.from('a contact'),
  marks: ['c-1', undefined, 'key', 3],
};
const START = '2026-01-01T09:00:00.000Z';
const clock = fixedClock(START);
const after = (seconds: number): void => clock.set(new Date(Date.parse(START) + seconds * 1_000).toISOString());
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
const signedBy = (key: KeyObject, text: string): string =>
  `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
const refusal = (kind: string) => expect.objectContaining({ kind: 'unauthenticated', code: `principal-${kind}` });

describe('a signed principal', () => {
  it('is the one that was signed', () => {
    expect(verifier.principalIn(tokens.tokenFor(principal, call), call)).toEqual(principal);
  });

  it('says what the roles of a user say', () => {
    const grants = [{ object: 'account', action: 'read', scope: 'own' }] as const;
    const policy = { owners: ['ada'], teams: [], teamsAndBelow: [], roles: [{ grants, fields: [] }] };
    const restricted = { ...principal, permissions: ['contacts.read'], policy };
    expect(verifier.principalIn(tokens.tokenFor(restricted, call), call)).toEqual(restricted);
  });

  it('is a JWS as everybody knows them', async () => {
    const { payload, protectedHeader } = await compactVerify(tokens.tokenFor(principal, call), publicKey);
    expect(protectedHeader).toEqual({ alg: 'EdDSA' });
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({ tenant: 'main', at: Date.parse(START) });
  });

  it('is good for one call', () => {
    const token = tokens.tokenFor(principal, call);
    const others: readonly SignedCall[] = [
      { ...call, method: 'rapport.contacts.v1.ContactsService/EraseContact' },
      { ...call, request: Buffer.from('b contact') },
      { ...call, request: new Uint8Array() },
      { ...call, marks: ['c-1', undefined, 'other', 3] },
      { ...call, marks: ['c-1', 'key', undefined, 3] },
      { ...call, marks: [] },
    ];
    for (const other of others) expect(() => verifier.principalIn(token, other)).toThrow(refusal('for-another-call'));
  });

  it('is good for a minute, also where clocks are half a minute apart', () => {
    const token = tokens.tokenFor(principal, call);
    for (const seconds of [-30, 0, 60]) {
      after(seconds);
      expect(verifier.principalIn(token, call)).toEqual(principal);
    }
    for (const seconds of [-31, 61, 3_600]) {
      after(seconds);
      expect(() => verifier.principalIn(token, call)).toThrow(refusal('expired'));
    }
  });

  it('may not be missing', () => {
    expect(() => verifier.principalIn(undefined, call)).toThrow(refusal('missing'));
  });

  it('may not be changed in any part', () => {
    const [header, payload, signature] = parted(tokens.tokenFor(principal, call));
    const raised = encoded({ ...decoded(payload), roles: ['administrator'] });
    const unsigned = encoded({ alg: 'none' });
    const shared = encoded({ alg: 'HS256' });
    for (const token of [
      `${header}.${raised}.${signature}`,
      `${unsigned}.${raised}.`,
      `${shared}.${payload}.${signature}`,
      signedBy(privateKey, `${shared}.${payload}`),
      `${header}.${payload}.AAAA${signature.slice(4)}`,
      `${header}.${payload}.${signature}.`,
      `${header}.${payload}`,
      '',
      'no token',
    ])
      expect(() => verifier.principalIn(token, call)).toThrow(refusal('invalid'));
  });

  it('of another key, for another audience or without a time is refused', () => {
    const stranger = new PrincipalSigner(generateKeyPairSync('ed25519').privateKey, clock);
    const token = tokens.tokenFor(principal, call);
    const [header, payload] = parted(token);
    const signed = (change: object): string =>
      signedBy(privateKey, `${header}.${encoded({ ...decoded(payload), ...change })}`);
    expect(verifier.principalIn(signed({}), call)).toEqual(principal);
    for (const refused of [stranger.tokenFor(principal, call), signed({ aud: 'another' }), signed({ iss: 'another' })])
      expect(() => verifier.principalIn(refused, call)).toThrow(refusal('invalid'));
    for (const at of [undefined, 'soon'])
      expect(() => verifier.principalIn(signed({ at }), call)).toThrow(refusal('expired'));
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
