import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** The key that a tenant's checkpoints and receipts are signed with, made of 32 random bytes that are kept secret. */
export const signingKey = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_OF_ED25519, seed]), format: 'der', type: 'pkcs8' });

/** What tells that key's signatures from others: base64 of 32 bytes. */
export const publicKeyOf = (key: KeyObject): string =>
  Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x!, 'base64url').toString('base64');

/** Ed25519, in base64. */
export const signatureOf = (text: string, key: KeyObject): string =>
  sign(null, Buffer.from(text), key).toString('base64');

/** Total: what is no key or no signature has signed nothing. */
export const isSignedBy = (publicKey: string, text: string, signature: string): boolean => {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
};

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8, see RFC 8410. */
const PKCS8_OF_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
