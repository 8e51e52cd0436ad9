import type { KeyObject } from 'node:crypto';
import { streamName, type EventStore, type Page } from '@rapport/event-store';
import { type DomainEvent, idFrom, newId, type Position, type RecordedEvent, UNCHANGED } from '@rapport/kernel';
import {
  AUDIT_CHAIN,
  AUDIT_SIGNATURES,
  type AuditCheckpoint,
  type BrokenLink,
  brokenLink,
  type CachedKeyStore,
  checkpointAfter,
  ownSubject,
  publicKeyOf,
  signingKey,
} from '@rapport/privacy';
import { checkpointBeside, Follower, OwnedFollower, type PageOutcome, type Trouble } from '@rapport/processing';
import { appendExactly } from '../commands/append-exactly.js';
import type { Engines } from '../engines.js';
import { type Audited, isAudited, prefixesOf } from './audited.js';

/** The trail up to here is in the chain. */
export type AuditTrailChained = DomainEvent<'AuditTrailChained', AuditCheckpoint>;

export const auditChainCatalogue = { aggregate: AUDIT_CHAIN, events: { AuditTrailChained: UNCHANGED } };

export const chainStream = (tenant: string): string => streamName(AUDIT_CHAIN, tenant, idFrom('audit-chain', tenant));

/** What a context signs its audit trail and its receipts with, for a tenant. */
export const auditKeyOf = async (keys: CachedKeyStore, context: string, tenant: string): Promise<KeyObject> =>
  signingKey(await keys.create(ownSubject(context, tenant, AUDIT_SIGNATURES)));

/** What a whole chain has, and where it is not whole. */
export interface ChainFound {
  readonly checkpoints: number;
  /** Facts in the chain. */
  readonly links: number;
  /** After the last link. */
  readonly hash: string;
  readonly publicKey: string;
  readonly broken?: BrokenLink;
}

export interface AuditChainParts {
  readonly context: string;
  readonly audited: Audited;
  readonly engines: Pick<Engines, 'events' | 'books' | 'keys' | 'ownership' | 'clock'>;
  readonly trouble: Trouble;
}

/**
 * Chains the facts of the audit trail as they are stored, one tenant apart from the other, and signs what it has come to. Whoever
 * appends them waits for nobody; one process at a time does this behind them.
 */
export class AuditChain {
  readonly follower: OwnedFollower;
  private readonly events: EventStore;
  private readonly keys: CachedKeyStore;
  private readonly context: string;

  constructor(private readonly parts: AuditChainParts) {
    const { engines, audited, trouble, context } = parts;
    this.events = engines.events;
    this.keys = engines.keys;
    this.context = context;
    const name = 'audit-chain';
    const checkpoint = checkpointBeside(engines.books, name);
    const handle = async (page: Page): Promise<PageOutcome> => {
      const facts = page.events.filter((event) => isAudited(audited, event));
      if (facts.length === 0) return 'nothing';
      const tenants = Map.groupBy(facts, ({ metadata }) => metadata.tenant);
      // The trail of a workspace ends with it.
      for (const [tenant, ofTenant] of tenants)
        if (!this.keys.isGone(tenant)) await this.chain(tenant, ofTenant, page.position);
      await checkpoint.save(page.position);
      return 'saved';
    };
    const prefixes = prefixesOf(audited);
    const follower = new Follower(this.events, { name, prefixes, checkpoint, handle, trouble });
    this.follower = new OwnedFollower(engines.ownership, follower);
  }

  /** Goes over a tenant's chain, fact by fact. */
  async verify(tenant: string): Promise<ChainFound> {
    const stream = chainStream(tenant);
    const publicKey = publicKeyOf(await this.keyOf(tenant));
    let before: AuditCheckpoint | undefined;
    const found = { checkpoints: 0, links: 0, hash: '', publicKey };
    for await (const event of this.events.read(stream)) {
      const checkpoint = event.data as AuditCheckpoint;
      const facts = await Promise.all(checkpoint.links.map((link) => this.factAt(link.stream, link.revision)));
      const broken = brokenLink(stream, before, checkpoint, facts, publicKey);
      if (broken) return { ...found, broken };
      found.checkpoints += 1;
      found.links += checkpoint.links.length;
      found.hash = checkpoint.hash;
      before = checkpoint;
    }
    return found;
  }

  /** What a tenant's chain has come to. */
  async last(tenant: string): Promise<AuditCheckpoint | undefined> {
    return (await this.lastOf(chainStream(tenant)))?.data as AuditCheckpoint | undefined;
  }

  /** What was chained before a process died, and so before its place was saved, is not chained again. */
  private async chain(tenant: string, facts: readonly RecordedEvent[], upTo: Position): Promise<void> {
    const stream = chainStream(tenant);
    const last = await this.lastOf(stream);
    const before = last?.data as AuditCheckpoint | undefined;
    const left = facts.filter(({ position }) => !before || position > before.upTo);
    if (left.length === 0) return;
    const data = checkpointAfter(before, left, upTo, await this.keyOf(tenant));
    const event = {
      ...{ id: newId(), type: 'AuditTrailChained', data },
      metadata: {
        tenant,
        actor: { kind: 'system', id: 'audit' },
        correlationId: left.at(-1)!.metadata.correlationId,
        commandId: newId(),
        occurredAt: this.parts.engines.clock.now().toISOString(),
        schemaVersion: 1,
      },
    } as const;
    await appendExactly(this.events, stream, [event], last ? last.revision : 'no-stream');
  }

  private async lastOf(stream: string): Promise<RecordedEvent | undefined> {
    for await (const event of this.events.read(stream, { direction: 'backwards', limit: 1 })) return event;
    return undefined;
  }

  private async factAt(stream: string, revision: number): Promise<RecordedEvent | undefined> {
    for await (const event of this.events.read(stream, { from: revision, limit: 1 })) return event;
    return undefined;
  }

  private keyOf(tenant: string): Promise<KeyObject> {
    return auditKeyOf(this.keys, this.context, tenant);
  }
}
