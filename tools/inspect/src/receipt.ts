import { readFileSync } from 'node:fs';
import { DomainError } from '@rapport/kernel';
import { isWhole, type SignedReceipt } from '@rapport/privacy';
import { type Env, masterKeyOf, publicKeyIn } from './audit.js';
import type { DataFolder } from './data-folder.js';
import type { Order } from './order.js';
import type { Report } from './report.js';

/**
 * Whether a receipt is as it was signed, and what it says. It needs no installation; where its data folder and master key are at hand,
 * the signature has to be by the key in the keyring.
 * @param folder undefined where there is none
 */
export const receipt = ({ name, file }: Order, folder: DataFolder | undefined, env: Env): Report => {
  if (name !== 'verify' || file === undefined)
    throw new DomainError('invalid', 'bad-argument', 'Say what to do: inspect receipt verify <file>.');
  const signed = signedIn(readable(file), file);
  const content = contentOf(signed);
  const publicKey = folder && keyOf(folder, content, env);
  const isGood = content !== undefined && isWhole(signed, publicKey);
  const signatures = publicKey === undefined ? 'by the key it names' : 'by the key in the keyring';
  const { receipt: about, receiptId, erasedAt: at } = content ?? {};
  const parts = content?.parts ?? [];
  const common = { result: isGood ? 'whole' : 'broken', signatures, about, receiptId, at };
  return {
    rows: parts.length > 0 ? parts.map((part) => ({ ...common, ...shown(part) })) : [common],
    none: '',
    failed: !isGood,
  };
};

interface Content {
  readonly receipt?: string;
  readonly tenant?: string;
  readonly context?: string;
  readonly receiptId?: string;
  readonly erasedAt?: string;
  readonly parts?: readonly Readonly<Record<string, string | number | object>>[];
}

const shown = ({ takenAlong: _, ...part }: NonNullable<Content['parts']>[number]) => part;

const readable = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new DomainError('not-found', 'file-unreadable', `${file} cannot be read: ${(error as Error).message}.`);
  }
};

/** As it was answered, or what is signed of that alone. */
const signedIn = (text: string, file: string): SignedReceipt => {
  const found = parsed<{ readonly signed?: SignedReceipt } & SignedReceipt>(text);
  const signed = found?.signed ?? found;
  if (signed && [signed.document, signed.publicKey, signed.signature].every((part) => typeof part === 'string'))
    return signed;
  const message = `${file} holds no signed receipt: it has no "document", "publicKey" and "signature". Get one with GET …/erasure once its state is "done".`;
  throw new DomainError('invalid', 'no-receipt', message);
};

const contentOf = ({ document }: SignedReceipt): Content | undefined => parsed<Content>(document);

const parsed = <T>(text: string): T | undefined => {
  try {
    const value = JSON.parse(text) as T | null;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

const keyOf = ({ services, masterKeyFile }: DataFolder, content: Content | undefined, env: Env): string | undefined => {
  const file = services.find(({ name }) => name === content?.context);
  const master = file && masterKeyOf(masterKeyFile, env['RAPPORT_MASTER_KEY']);
  return master && publicKeyIn(file, String(content?.tenant), master);
};
