import { type KeyObject, sign, verify } from 'node:crypto';
import type { Signing } from './command-message.js';

/** Ed25519 keys by which contexts know each other. */
export interface ContextKeys {
  /** The private one of the context that signs; nobody else has it. */
  readonly own: KeyObject;
  /** The public ones of each context; several where one has taken another's place. */
  readonly known: ReadonlyMap<string, readonly KeyObject[]>;
}

/** Each context speaks for itself alone: whoever may write to a topic, or is asked on it, cannot ask in another's name. */
export const contextSigning = ({ own, known }: ContextKeys): Signing => ({
  sign: (text) => sign(null, Buffer.from(text), own).toString('base64url'),
  isSigned: (from, text, signature) => {
    const [signed, bytes] = [Buffer.from(text), Buffer.from(signature, 'base64url')];
    return (known.get(from) ?? []).some((key) => verify(null, signed, key, bytes));
  },
});
