import { DomainError } from '@rapport/kernel';
import type { Grant } from '../access/grant.js';
import { type RateLimitPolicy, TokenBucket } from './token-bucket.js';

/** So many rows of a batch cost as much as one request. */
const ROWS_PER_UNIT = 20;

export const batchCost = (rows: number): number => rows / ROWS_PER_UNIT;

export interface RateLimitPolicies {
  /** A quota of 0 switches every limit off. */
  readonly token: RateLimitPolicy;
  /** Whoever makes more tokens gets no more than this. */
  readonly tenant: RateLimitPolicy;
}

/** A bucket per access token, and one for all tokens of a tenant. */
export class RateLimit {
  readonly #ofTokens = new WeakMap<Grant, TokenBucket>();
  readonly #ofTenants = new Map<string, TokenBucket>();
  /** The `RateLimit-Policy` header, or undefined while the limit is off. */
  readonly policyHeader: string | undefined;

  /** @param ticks milliseconds from any beginning, never set back: a corrected clock must not keep anybody out */
  constructor(
    private readonly policies: RateLimitPolicies,
    private readonly ticks: () => number = () => performance.now(),
  ) {
    const { quota, windowSeconds } = policies.token;
    if (quota > 0) this.policyHeader = `"default";q=${quota};w=${windowSeconds}`;
  }

  /**
   * Spends `cost` of a caller's allowance.
   * @throws DomainError `rate-limited`, saying when to come back
   */
  spend(grant: Grant, cost: number): void {
    if (this.policyHeader === undefined) return;
    const now = this.ticks();
    let bucket = this.#ofTokens.get(grant);
    if (!bucket) this.#ofTokens.set(grant, (bucket = new TokenBucket(this.policies.token, now)));
    if (!bucket.take(cost, now)) throw used('This token has', this.policies.token, bucket.secondsUntil(cost));
    const shared = this.#ofTenant(grant.principal.tenant, now);
    if (shared.take(cost, now)) return;
    throw used('The tokens of your organisation have together', this.policies.tenant, shared.secondsUntil(cost));
  }

  /** The `RateLimit` header: what is left, and when all of it is back. */
  header(grant: Grant): string | undefined {
    const bucket = this.#ofTokens.get(grant);
    return bucket && `"default";r=${bucket.remaining};t=${bucket.secondsUntilFull}`;
  }

  #ofTenant(tenant: string, now: number): TokenBucket {
    let bucket = this.#ofTenants.get(tenant);
    if (!bucket) this.#ofTenants.set(tenant, (bucket = new TokenBucket(this.policies.tenant, now)));
    return bucket;
  }
}

const used = (who: string, { quota, windowSeconds }: RateLimitPolicy, retryAfterSeconds: number): DomainError => {
  const message = `${who} used up ${quota} units per ${windowSeconds} s. Come back in ${retryAfterSeconds} s.`;
  return new DomainError('rate-limited', 'rate-limited', message, { retryAfterSeconds });
};
