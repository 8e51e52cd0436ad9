import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DomainError } from '@rapport/kernel';

const [NONCE, TAG] = [12, 16];

/** 4 bytes of plain length, nonce, tag, then as many bytes of cipher text as there were plain ones. */
export const HEADER_BYTES = 4 + NONCE + TAG;

/** `context` names the file and the offset: a piece that was moved elsewhere does not open. */
export const seal = (key: Buffer, plain: Uint8Array, context: string): Buffer => {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const text = cipher.update(plain);
  cipher.final();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(plain.length);
  return Buffer.concat([length, nonce, cipher.getAuthTag(), text]);
};

export const plainLength = (header: Buffer): number => header.readUInt32BE(0);

/** @throws DomainError `file-damaged` */
export const unseal = (key: Buffer, sealed: Buffer, context: string): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(4, 4 + NONCE)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(4 + NONCE, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
  } catch (cause) {
    throw damaged(cause);
  }
};

export const damaged = (cause?: unknown): DomainError =>
  new DomainError('internal', 'file-damaged', 'The stored file was changed or cut off. Upload it again.', { cause });
