import { hash, randomBytes } from 'node:crypto';
import { type EventStore, partsOf, prefixOf, streamName, VersionedEventStore } from '@rapport/event-store';
import {
  type Clock,
  type EventMetadata,
  newId,
  type NewEvent,
  type RecordedEvent,
  START,
  versionOf,
} from '@rapport/kernel';
import type { Scope } from '@rapport/access';
import { appendExactly } from '@rapport/service-kit';
import {
  ACCESS_TOKEN,
  type AccessTokenEvent,
  accessTokenEvents,
  type AccessTokenIssued,
} from './access-token.events.js';
import { TokenGrant } from './token-grant.js';

/** So many different headers are remembered with their tokens, to spare a digest per request. */
const REMEMBERED = 10_000;

export const digestOf = (secret: string): string => hash('sha256', secret, 'hex');

export const newSecret = (): string => `rapport_${randomBytes(24).toString('base64url')}`;

/** A token to be issued. */
export interface NewToken extends Omit<AccessTokenIssued['data'], 'digest'> {
  readonly id: string;
  readonly tenant: string;
  readonly secret: string;
}

/**
 * All access tokens: facts in the event store, folded into memory and followed, so that a token issued or revoked by
 * another gateway counts here within moments.
 */
export class AccessTokens {
  readonly #byId = new Map<string, TokenGrant>();
  readonly #byDigest = new Map<string, TokenGrant>();
  readonly #byHeader = new Map<string, TokenGrant>();
  readonly #stopping = new AbortController();
  #following: Promise<void> = Promise.resolve();

  private readonly store: EventStore;

  /** @param permissions every permission that the contract knows */
  constructor(
    store: EventStore,
    private readonly clock: Clock,
    private readonly permissions: readonly string[],
  ) {
    this.store = new VersionedEventStore(store, [{ aggregate: ACCESS_TOKEN, events: accessTokenEvents }]);
  }

  /** Resolves once every token up to now is known. `onEnd` hears why following ended, if it ever does. */
  open(onEnd: (error: unknown) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#following = this.#follow(resolve).catch((error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        onEnd(error);
      });
    });
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  /** The token behind an `Authorization` header, valid or not any more. */
  find(authorization: string): TokenGrant | undefined {
    const remembered = this.#byHeader.get(authorization);
    if (remembered) return remembered;
    const secret = secretIn(authorization);
    const grant = secret === undefined ? undefined : this.#byDigest.get(digestOf(secret));
    if (!grant) return undefined;
    if (this.#byHeader.size >= REMEMBERED) this.#byHeader.clear();
    this.#byHeader.set(authorization, grant);
    return grant;
  }

  get(scope: Scope, id: string): TokenGrant | undefined {
    const grant = this.#byId.get(id);
    return grant && isSeen(scope, grant) ? grant : undefined;
  }

  has(secret: string): boolean {
    return this.#byDigest.has(digestOf(secret));
  }

  of(scope: Scope): readonly TokenGrant[] {
    return [...this.#byId.values()].filter((grant) => isSeen(scope, grant));
  }

  /** @throws WrongExpectedRevision when a token with this id was issued before */
  async issue(token: NewToken, origin: Pick<EventMetadata, 'actor' | 'correlationId'>): Promise<TokenGrant> {
    const { id, tenant, secret, name, roles, expiresAt } = token;
    const data = { name, roles, digest: digestOf(secret), ...(expiresAt === undefined ? {} : { expiresAt }) };
    await this.#append(tenant, id, { type: 'AccessTokenIssued', data }, origin);
    return this.#byId.get(id)!;
  }

  async revoke(grant: TokenGrant, origin: Pick<EventMetadata, 'actor' | 'correlationId'>): Promise<void> {
    if (grant.revokedAt !== undefined) return;
    await this.#append(grant.principal.tenant, grant.id, { type: 'AccessTokenRevoked', data: {} }, origin);
  }

  async #append(
    tenant: string,
    id: string,
    { type, data }: AccessTokenEvent,
    origin: Pick<EventMetadata, 'actor' | 'correlationId'>,
  ): Promise<void> {
    const stream = streamName(ACCESS_TOKEN, tenant, id);
    const occurredAt = this.clock.now().toISOString();
    const metadata = {
      ...origin,
      tenant,
      commandId: newId(),
      occurredAt,
      schemaVersion: versionOf(accessTokenEvents, type),
    };
    // A fresh id: the same token issued twice must be refused, not taken for a retry of the first.
    const event: NewEvent = { id: newId(), type, data, metadata };
    const expected = type === 'AccessTokenIssued' ? 'no-stream' : 'exists';
    const { revision, position } = await appendExactly(this.store, stream, [event], expected);
    // Known here at once; following brings it again, which changes nothing.
    this.#apply({ ...event, stream, revision, position, recordedAt: occurredAt } as RecordedEvent<AccessTokenEvent>);
  }

  async #follow(caughtUp: () => void): Promise<void> {
    const { signal } = this.#stopping;
    for await (const page of this.store.follow({ prefixes: [prefixOf(ACCESS_TOKEN)], after: START, signal })) {
      for (const event of page.events) this.#apply(event as RecordedEvent<AccessTokenEvent>);
      if (page.caughtUp) caughtUp();
    }
  }

  #apply(event: RecordedEvent<AccessTokenEvent>): void {
    const { id } = partsOf(event.stream);
    if (event.type === 'AccessTokenRevoked') this.#byId.get(id)?.revoke(event.metadata.occurredAt);
    else if (!this.#byId.has(id)) {
      const grant = new TokenGrant(event as RecordedEvent<AccessTokenIssued>, this.permissions);
      this.#byId.set(id, grant);
      this.#byDigest.set(grant.digest, grant);
    }
  }
}

const BEARER = /^Bearer ([\x21-\x7e]{16,512})$/i;

/** The secret that a header holds. */
export const secretIn = (authorization: string): string | undefined => BEARER.exec(authorization)?.[1];

/** Tokens have no rows and fields to tell apart: who does not see all of a tenant's sees none. */
const isSeen = (scope: Scope, { principal }: TokenGrant): boolean => scope.isWhole && principal.tenant === scope.tenant;
