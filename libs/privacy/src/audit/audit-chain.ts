import { createHash, type KeyObject } from 'node:crypto';
import type { Position, RecordedEvent } from '@rapport/kernel';
import { isSignedBy, publicKeyOf, signatureOf } from './signatures.js';

/** Streams of the chain itself, one per tenant. */
export const AUDIT_CHAIN = 'auditChain';

/** Whose key makes the signatures: nobody's, see `ownSubject`. */
export const AUDIT_SIGNATURES = 'audit-signatures';

/** A fact as its store has it: what is personal in it is sealed. */
export type StoredFact = Pick<RecordedEvent, 'stream' | 'revision' | 'id' | 'type' | 'data' | 'metadata'>;

/** One fact in the chain. */
export interface AuditLink {
  readonly stream: string;
  readonly revision: number;
  /** SHA-256 of the stored fact, in hexadecimal. */
  readonly digest: string;
}

/** The links since the checkpoint before, and a signature on all that lies behind. */
export interface AuditCheckpoint {
  /** Of its first link; the chain begins with 1. */
  readonly number: number;
  /** The hash before it. */
  readonly previous: string;
  readonly links: readonly AuditLink[];
  /** Every fact up to here that belongs into the trail is in the chain. */
  readonly upTo: Position;
  /** After its last link. */
  readonly hash: string;
  /** Ed25519, as base64 of 32 bytes. */
  readonly publicKey: string;
  /** Of {@link signedText}, in base64. */
  readonly signature: string;
}

/** Before the first link. */
export const NO_HASH = '0'.repeat(64);

/** Every byte that a store keeps of a fact counts; how it orders fields does not. When it took it is the store's own affair. */
export const digestOfFact = ({ stream, revision, id, type, data, metadata }: StoredFact): string =>
  sha256(canonical({ stream, revision, id, type, data, metadata }));

/** The hash after a link. */
export const chained = (hash: string, { stream, revision, digest }: AuditLink): string =>
  sha256([hash, stream, revision, digest].join('\n'));

/** A checkpoint about what comes behind another one, or at the beginning. */
export const checkpointAfter = (
  before: AuditCheckpoint | undefined,
  facts: readonly StoredFact[],
  upTo: Position,
  key: KeyObject,
): AuditCheckpoint => {
  const links = facts.map((fact) => ({ stream: fact.stream, revision: fact.revision, digest: digestOfFact(fact) }));
  const previous = before?.hash ?? NO_HASH;
  const content = { number: nextNumber(before), previous, links, upTo, hash: links.reduce(chained, previous) };
  return { ...content, publicKey: publicKeyOf(key), signature: signatureOf(signedText(content), key) };
};

/** Where a chain is not whole, and why. */
export interface BrokenLink {
  /** Of the link. */
  readonly number: number;
  /** What the link is about, or of the checkpoint where that is itself at fault. */
  readonly stream: string;
  readonly revision: number | undefined;
  readonly reason: string;
}

/**
 * The first link of a checkpoint that does not hold.
 * @param facts those that the links name, as they are stored now; undefined for one that is not there
 * @param publicKey whose signature it must be; the one that it names itself, where the keyring is not at hand
 */
export const brokenLink = (
  stream: string,
  before: AuditCheckpoint | undefined,
  checkpoint: AuditCheckpoint,
  facts: readonly (StoredFact | undefined)[],
  publicKey = checkpoint.publicKey,
): BrokenLink | undefined => {
  const own = (reason: string): BrokenLink => ({ number: checkpoint.number, stream, revision: undefined, reason });
  if (checkpoint.number !== nextNumber(before) || checkpoint.previous !== (before?.hash ?? NO_HASH))
    return own('it does not follow the checkpoint before it');
  const n = checkpoint.links.findIndex(({ digest }, at) => !facts[at] || digestOfFact(facts[at]) !== digest);
  if (n >= 0) {
    const link = checkpoint.links[n]!;
    const reason = facts[n] ? 'the fact is not what it was' : 'the fact is missing';
    return { number: checkpoint.number + n, stream: link.stream, revision: link.revision, reason };
  }
  if (checkpoint.links.reduce(chained, checkpoint.previous) !== checkpoint.hash) return own('its links were changed');
  return isSigned(checkpoint, publicKey) ? undefined : own('its signature is not of the key in the keyring');
};

const nextNumber = (before: AuditCheckpoint | undefined): number => (before ? before.number + before.links.length : 1);

const signedText = ({ number, links, upTo, hash }: Omit<AuditCheckpoint, 'publicKey' | 'signature'>): string =>
  ['rapport audit chain', number + links.length - 1, upTo, hash].join('\n');

const isSigned = (checkpoint: AuditCheckpoint, publicKey: string): boolean =>
  isSignedBy(publicKey, signedText(checkpoint), checkpoint.signature);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
