import { type Clock, DomainError } from '@rapport/kernel';
import type { Grant } from '../access/grant.js';
import { type RateLimitPolicy, TokenBucket } from './token-bucket.js';

/** So many rows of a batch cost as much as one request. */
const ROWS_PER_UNIT = 20;

export const batchCost = (rows: number): number => rows / ROWS_PER_UNIT;

/** One bucket per access token. A quota of 0 switches the limit off. */
export class RateLimit {
  readonly #buckets = new WeakMap<Grant, TokenBucket>();
  /** The `RateLimit-Policy` header, or undefined while the limit is off. */
  readonly policyHeader: string | undefined;

  constructor(
    private readonly policy: RateLimitPolicy,
    private readonly clock: Clock,
  ) {
    if (policy.quota > 0) this.policyHeader = `"default";q=${policy.quota};w=${policy.windowSeconds}`;
  }

  /**
   * Spends `cost` of a caller's allowance.
   * @throws DomainError `rate-limited`, saying when to come back
   */
  spend(grant: Grant, cost: number): void {
    if (this.policyHeader === undefined) return;
    const now = this.clock.now().getTime();
    let bucket = this.#buckets.get(grant);
    if (!bucket) this.#buckets.set(grant, (bucket = new TokenBucket(this.policy, now)));
    if (bucket.take(cost, now)) return;
    const retryAfterSeconds = bucket.secondsUntil(cost);
    const message = `This token has used up its ${this.policy.quota} units per ${this.policy.windowSeconds} s. Come back in ${retryAfterSeconds} s.`;
    throw new DomainError('rate-limited', 'rate-limited', message, { retryAfterSeconds });
  }

  /** The `RateLimit` header: what is left, and when all of it is back. */
  header(grant: Grant): string | undefined {
    const bucket = this.#buckets.get(grant);
    return bucket && `"default";r=${bucket.remaining};t=${bucket.secondsUntilFull}`;
  }
}
