import type { KeyObject } from 'node:crypto';
import { isSignedBy, publicKeyOf, signatureOf } from './signatures.js';

/** A text and a signature on it, which can be checked without the installation that it comes from. */
export interface SignedReceipt {
  /** JSON. */
  readonly document: string;
  /** Ed25519, as base64 of 32 bytes. */
  readonly publicKey: string;
  readonly signature: string;
}

export const signedReceipt = (content: object, key: KeyObject): SignedReceipt => {
  const document = JSON.stringify(content);
  return { document, publicKey: publicKeyOf(key), signature: signatureOf(textOf(document), key) };
};

/** @param publicKey whose signature it must be; the one that it names itself, where no other is known */
export const isWhole = ({ document, publicKey: named, signature }: SignedReceipt, publicKey = named): boolean =>
  isSignedBy(publicKey, textOf(document), signature);

/** No signature of a checkpoint is one of a receipt. */
const textOf = (document: string): string => ['rapport receipt', document].join('\n');
