import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContextKeys } from '@rapport/commands';
import { contextNames } from '@rapport/contexts';
import { DomainError } from '@rapport/kernel';

const privateFile = (folder: string, context: string): string => join(folder, `${context}.pem`);
const publicFile = (folder: string, context: string): string => join(folder, `${context}.pub.pem`);

/**
 * The keys of a folder: a context's own private one, `sales.pem`, and the public ones of all, `contacts.pub.pem`, each of which may
 * hold several, one after the other.
 * @throws DomainError invalid, when one is missing or none
 */
export const contextKeysIn = (folder: string, context: string): ContextKeys => {
  const known = new Map(contextNames.map((name) => [name as string, publicKeysIn(publicFile(folder, name))]));
  const file = privateFile(folder, context);
  const own = keyIn(file, textOf(file), createPrivateKey);
  const itself = createPublicKey(own);
  if (known.get(context)?.some((key) => key.equals(itself))) return { own, known };
  throw unusable(file, `is not the other half of ${context}.pub.pem`);
};

/** Makes a pair for each context that has none; a pair that is there is left alone. */
export const makeContextKeys = (folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const name of contextNames) {
    const file = privateFile(folder, name);
    if (existsSync(file)) continue;
    const pair = generateKeyPairSync('ed25519');
    // The private half last: where it is there, so is the other.
    writeFileSync(publicFile(folder, name), pair.publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o644 });
    writeFileSync(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
};

const publicKeysIn = (file: string): readonly KeyObject[] => {
  const blocks = textOf(file).match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g);
  if (!blocks) throw unusable(file, 'holds no public key in PEM');
  return blocks.map((block) => keyIn(file, block, createPublicKey));
};

const keyIn = (file: string, text: string, keyOf: (text: string) => KeyObject): KeyObject => {
  let key: KeyObject;
  try {
    key = keyOf(text);
  } catch {
    throw unusable(file, 'is no key in PEM');
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw unusable(file, `is a key of ${key.asymmetricKeyType}, and not of Ed25519`);
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw unusable(file, `cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
};

const unusable = (file: string, what: string): DomainError => {
  const make = 'npm run keys -- <folder> makes what is missing, in <folder>/contexts.';
  return new DomainError('invalid', 'bad-context-key', `RAPPORT_CONTEXT_KEYS: ${file} ${what}. ${make}`);
};
