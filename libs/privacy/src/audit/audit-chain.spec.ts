import { expect, it } from '@jest/globals';
import { positionOf } from '@rapport/kernel';
import fc from 'fast-check';
import { type AuditCheckpoint, brokenLink, checkpointAfter, type StoredFact } from './audit-chain.js';
import { publicKeyOf, signingKey } from './signatures.js';

const key = signingKey(Buffer.alloc(32, 7));
const STREAM = 'auditChain-main-1';

const fact = (n: number): StoredFact => ({
  stream: `apiKey-main-${n}`,
  revision: 0,
  id: `id-${n}`,
  type: 'ApiKeyIssued',
  data: { name: `key ${n}`, permissions: ['contacts.read'] },
  metadata: {
    tenant: 'main',
    actor: { kind: 'user', id: 'ada' },
    correlationId: 'c',
    commandId: 'c',
    occurredAt: '2026-01-01T00:00:00.000Z',
    schemaVersion: 1,
  },
});

/** A chain over facts, so many per checkpoint. */
const chainOf = (facts: readonly StoredFact[], perCheckpoint: number): AuditCheckpoint[] => {
  const chain: AuditCheckpoint[] = [];
  for (let from = 0; from < facts.length; from += perCheckpoint) {
    const part = facts.slice(from, from + perCheckpoint);
    chain.push(checkpointAfter(chain.at(-1), part, positionOf(from + part.length), key));
  }
  return chain;
};

const firstBroken = (chain: readonly AuditCheckpoint[], facts: readonly (StoredFact | undefined)[]) => {
  for (const [n, checkpoint] of chain.entries()) {
    const stored = checkpoint.links.map(({ stream }) => facts.find((each) => each?.stream === stream));
    const broken = brokenLink(STREAM, chain[n - 1], checkpoint, stored, publicKeyOf(key));
    if (broken) return broken;
  }
  return undefined;
};

const sizes = { facts: fc.integer({ min: 1, max: 30 }), per: fc.integer({ min: 1, max: 7 }) };

it('holds for the facts it was made of, whatever order a store gives their fields in', () => {
  fc.assert(
    fc.property(sizes.facts, sizes.per, (count, per) => {
      const facts = Array.from({ length: count }, (_, n) => fact(n));
      const turned = facts.map((each) => Object.fromEntries(Object.entries(each).reverse()) as unknown as StoredFact);
      expect(firstBroken(chainOf(facts, per), turned)).toBeUndefined();
    }),
  );
});

it('names the first fact that was changed or taken away', () => {
  fc.assert(
    fc.property(sizes.facts, sizes.per, fc.nat(), fc.boolean(), (count, per, at, isRemoved) => {
      const facts: (StoredFact | undefined)[] = Array.from({ length: count }, (_, n) => fact(n));
      const chain = chainOf(facts as StoredFact[], per);
      const n = at % count;
      facts[n] = isRemoved ? undefined : { ...fact(n), data: { name: `kez ${n}` } };
      expect(firstBroken(chain, facts)).toMatchObject({ number: n + 1, stream: `apiKey-main-${n}` });
    }),
  );
});

it.each([
  ['a link left out', (c: AuditCheckpoint) => ({ ...c, links: c.links.slice(1) })],
  ['another hash', (c: AuditCheckpoint) => ({ ...c, hash: c.hash.replace(/^./, (d) => (d === '0' ? '1' : '0')) })],
  ['another signature', (c: AuditCheckpoint) => ({ ...c, signature: Buffer.alloc(64).toString('base64') })],
  ['a key of somebody else', (c: AuditCheckpoint) => resigned(c)],
  ['another place', (c: AuditCheckpoint) => ({ ...c, upTo: positionOf(1_000) })],
])('finds a checkpoint with %s', (_, change) => {
  const facts = [0, 1, 2, 3].map(fact);
  const [first, second] = chainOf(facts, 2) as [AuditCheckpoint, AuditCheckpoint];
  expect(firstBroken([first, change(second)], facts)).toMatchObject({ number: 3 });
});

const resigned = ({ previous: _, ...checkpoint }: AuditCheckpoint): AuditCheckpoint => {
  const [first] = chainOf([0, 1].map(fact), 2);
  return { ...checkpointAfter(first, [fact(2), fact(3)], checkpoint.upTo, signingKey(Buffer.alloc(32, 8))) };
};
