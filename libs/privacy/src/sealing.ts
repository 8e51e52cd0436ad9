import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { DomainError } from '@rapport/kernel';
import { drawRandomBytes } from './random-bytes.js';

/** Sealed text: base64 of one version byte, 12 bytes of nonce, 16 bytes of tag, the ciphertext. */
const VERSION = 1;
const NONCE_END = 13;
const TAG_END = 29;

/** Encrypts with AES-256-GCM and binds the result to `context`: it opens nowhere else. */
export const seal = (text: string, key: KeyObject, context: string): string => {
  const nonce = drawRandomBytes(NONCE_END - 1);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context));
  const encrypted = cipher.update(text, 'utf8');
  cipher.final();
  const sealed = Buffer.allocUnsafe(TAG_END + encrypted.length);
  sealed[0] = VERSION;
  nonce.copy(sealed, 1);
  cipher.getAuthTag().copy(sealed, NONCE_END);
  encrypted.copy(sealed, TAG_END);
  return sealed.toString('base64');
};

/** @throws DomainError `sealed-data-damaged` when it was changed, moved, or sealed with another key */
export const open = (sealed: string, key: KeyObject, context: string): string => {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes[0] !== VERSION || bytes.length < TAG_END) throw damaged(context, 'it has an unknown form');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, NONCE_END), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(NONCE_END, TAG_END));
    const text = decipher.update(bytes.subarray(TAG_END));
    decipher.final();
    return text.toString();
  } catch (error) {
    throw damaged(context, 'it was changed, moved, or sealed with another key', error);
  }
};

const damaged = (context: string, why: string, cause?: unknown): DomainError =>
  new DomainError(
    'internal',
    'sealed-data-damaged',
    `The personal data of ${context} cannot be opened: ${why}. Restore the event and its key from the same backup.`,
    { cause },
  );
