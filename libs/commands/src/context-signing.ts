import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { type KeyStore, ownSubject } from '@rapport/privacy';
import type { Signing } from './command-message.js';

/**
 * Signs with Ed25519 keys that follow from a secret of each context in the installation's keyring: nobody outside of it can
 * ask in a context's name, and no key has to be handed out.
 */
export const contextSigning = (keyring: Pick<KeyStore, 'create' | 'find'>): Signing => {
  const known = new Map<string, KeyObject>();
  const subjectOf = (context: string, tenant: string) => ownSubject(context, tenant, 'command-signing');
  const remember = (context: string, tenant: string, seed: Buffer): KeyObject => {
    const key = privateKeyOf(seed);
    known.set(`${context}/${tenant}`, key);
    return key;
  };
  const keyOf = async (context: string, tenant: string): Promise<KeyObject | undefined> => {
    const seed = await keyring.find(subjectOf(context, tenant));
    return seed === undefined || seed === 'destroyed' ? undefined : remember(context, tenant, seed);
  };
  return {
    sign: async (context, tenant, text) => {
      const key =
        known.get(`${context}/${tenant}`) ??
        remember(context, tenant, await keyring.create(subjectOf(context, tenant)));
      return sign(null, Buffer.from(text), key).toString('base64url');
    },
    // Of one that never asked there is no key, and none is made.
    isSigned: async (context, tenant, text, signature) => {
      const key = known.get(`${context}/${tenant}`) ?? (await keyOf(context, tenant));
      return key !== undefined && verify(null, Buffer.from(text), createPublicKey(key), bytesOf(signature));
    },
  };
};

const bytesOf = (signature: string): Buffer => Buffer.from(signature, 'base64url');

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

const privateKeyOf = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
