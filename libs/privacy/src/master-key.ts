import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { DomainError } from '@rapport/kernel';
import type { Subject, SubjectKey } from './key-store.js';
import type { KeyWrapping } from './key-wrapping.js';
import { drawRandomBytes } from './random-bytes.js';

const NONCE_END = 12;
const TAG_END = 28;

/** The key that wraps every subject's key before it is stored: without it the keys, and so the personal data, are lost. */
export class MasterKey implements KeyWrapping {
  readonly #key: KeyObject;

  private constructor(bytes: Buffer) {
    this.#key = createSecretKey(bytes);
  }

  /** From the configuration: 32 bytes as base64. */
  static fromBase64(text: string, where = 'The master key'): MasterKey {
    const bytes = Buffer.from(text.trim(), 'base64');
    if (bytes.length !== 32) {
      throw new DomainError(
        'invalid',
        'bad-master-key',
        `${where} has ${bytes.length} bytes; give 32 random bytes as base64.`,
      );
    }
    return new MasterKey(bytes);
  }

  /** From a file only its owner can read; made if missing. Keep a copy of it apart from the data. */
  static fromFile(file: string): MasterKey {
    makeIfMissing(file);
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      throw new DomainError('invalid', 'open-master-key', `${file} can be read by others. Run: chmod 600 ${file}`);
    }
    return MasterKey.fromBase64(readFileSync(file, 'utf8'), file);
  }

  /** 60 bytes that only this master key opens, and only for this subject. */
  wrap(key: SubjectKey, subject: Subject): Buffer {
    const nonce = drawRandomBytes(NONCE_END);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(contextOf(subject));
    const encrypted = cipher.update(key);
    cipher.final();
    return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]);
  }

  /** @throws DomainError `wrong-master-key` */
  unwrap(wrapped: Uint8Array, subject: Subject): SubjectKey {
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, wrapped.subarray(0, NONCE_END), {
        authTagLength: 16,
      });
      decipher.setAAD(contextOf(subject));
      decipher.setAuthTag(wrapped.subarray(NONCE_END, TAG_END));
      const key = decipher.update(wrapped.subarray(TAG_END));
      decipher.final();
      return key;
    } catch (cause) {
      throw new DomainError(
        'internal',
        'wrong-master-key',
        `The key of ${subject.id} cannot be unwrapped: it is damaged, or another master key was in use when it was made. ` +
          'Put that master key back (master.key, or RAPPORT_MASTER_KEY).',
        { cause },
      );
    }
  }
}

const contextOf = ({ tenant, id }: Subject): Buffer => Buffer.from(`${tenant}/${id}`);

/** Linked into place when whole, so that of two processes that start together one key wins, and none reads half of it. */
const makeIfMissing = (file: string): void => {
  if (statSync(file, { throwIfNoEntry: false })) return;
  const draft = `${file}.${process.pid}`;
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeSync(handle, `${randomBytes(32).toString('base64')}\n`);
    fsyncSync(handle);
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(handle);
    rmSync(draft);
  }
};
